/** Passwords as they are kept: scrypt (RFC 7914) with its parameters, so that these can grow. */
import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { GaitkeeperError } from "../../core/error.ts";
import { PASSWORD_LENGTH } from "../../core/operator.ts";

/** Cost of a hash: `2 ** logN * 128 * r` bytes of memory, `p` times over. */
export interface ScryptParameters {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP's Password Storage Cheat Sheet: N = 2^17 (128 MiB), r = 8, p = 1. */
export const SCRYPT_PARAMETERS: ScryptParameters = { logN: 17, r: 8, p: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes at a time, 128 MiB each, and how many may wait for their turn. */
const AT_A_TIME = 2;
const WAITING_LIMIT = 32;

/** UTF-16 units of a password that is decomposed before it is normalised. */
const LONGEST_INPUT = 4 * PASSWORD_LENGTH.max;

const ENCODED =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Hashes and verifies passwords, a bounded number at a time. */
export class PasswordHasher {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(readonly parameters: ScryptParameters = SCRYPT_PARAMETERS) {}

  /**
   * @returns `$scrypt$ln=17,r=8,p=1$salt$hash`, as the PHC string format spells it, base64 unpadded.
   * @throws {GaitkeeperError} `request_invalid` for a password too short or too long, `queue_full`
   */
  async hash(password: string): Promise<string> {
    const text = normalised(password);
    const length = [...text].length;
    if (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max) {
      const { min, max } = PASSWORD_LENGTH;
      throw new GaitkeeperError(
        "request_invalid",
        `Cannot use password: it must be ${min} to ${max} characters long, got ${length}`,
      );
    }
    const salt = randomBytes(SALT_BYTES);
    const { logN, r, p } = this.parameters;
    const hash = await this.derive(text, salt, this.parameters);
    return `$scrypt$ln=${logN},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
  }

  /** Whether it is the password; without one to compare with it costs as much and is false. */
  async verify(password: string, encoded: string | undefined): Promise<boolean> {
    // What nobody could have set is as wrong as any other, and costs the same.
    const isTooLong = password.length > LONGEST_INPUT;
    const text = isTooLong ? "" : normalised(password);
    const known = encoded === undefined || isTooLong ? undefined : decode(encoded);
    const salt = known?.salt ?? randomBytes(SALT_BYTES);
    const hash = await this.derive(text, salt, known?.parameters ?? this.parameters);
    return timingSafeEqual(hash, known?.hash ?? randomBytes(HASH_BYTES)) && known !== undefined;
  }

  /** Whether it was made with other parameters than those of today. */
  isOutdated(encoded: string): boolean {
    const { logN, r, p } = decode(encoded).parameters;
    return logN !== this.parameters.logN || r !== this.parameters.r || p !== this.parameters.p;
  }

  protected async derive(
    text: string,
    salt: Uint8Array,
    parameters: ScryptParameters,
  ): Promise<Buffer> {
    await this.#admit();
    try {
      return await this.scrypt(text, salt, parameters);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  protected scrypt(
    text: string,
    salt: Uint8Array,
    { logN, r, p }: ScryptParameters,
  ): Promise<Buffer> {
    const N = 2 ** logN;
    const options = { N, r, p, maxmem: 2 * 128 * N * r * p };
    return new Promise((resolve, reject) => {
      scrypt(text, salt, HASH_BYTES, options, (error, key) => error ? reject(error) : resolve(key));
    });
  }

  async #admit(): Promise<void> {
    if (this.#running < AT_A_TIME) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= WAITING_LIMIT) {
      throw new GaitkeeperError(
        "queue_full",
        "Cannot check password now: too many are being checked; try again in a moment",
      );
    }
    // Whoever ends hands its place over.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** One person's two keyboards may compose an accent in two ways (NIST SP 800-63B, NFKC). */
function normalised(password: string): string {
  return password.normalize("NFKC");
}

function decode(encoded: string) {
  const found = ENCODED.exec(encoded);
  if (!found) throw new TypeError("Cannot read password: its encoding must be scrypt's");
  const [, logN, r, p, salt, hash] = found;
  return {
    parameters: { logN: Number(logN), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt!, "base64"),
    hash: Buffer.from(hash!, "base64"),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
