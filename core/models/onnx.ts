/** The only importer of ONNX Runtime: bytes in, named tensors in and out, checked on both sides. */
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { GaitkeeperError } from "../error.ts";
import type { EmbedderManifest, VerifierManifest } from "./manifest.ts";

/** Neither Deno nor a page without cross-origin isolation can give the runtime more threads. */
env.wasm.numThreads = 1;
env.logLevel = "error";

/** How far a loaded model may stray from its stored vectors. */
const CHECK_TOLERANCE = 1e-4;

/** A 32-bit tensor by name, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/**
 * One model for the life of the process (WebAssembly memory never shrinks). Runs of one session are
 * serialised: the runtime does not allow them to overlap.
 */
export class OnnxModel {
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly manifest: EmbedderManifest | VerifierManifest,
    readonly session: InferenceSession,
  ) {}

  /**
   * Loads a model and has it reproduce its stored vectors.
   * @throws {GaitkeeperError} `model_invalid`
   */
  static async load(
    manifest: EmbedderManifest | VerifierManifest,
    bytes: Uint8Array,
  ): Promise<OnnxModel> {
    const { name, inputs, outputs, features, check } = manifest;
    for (const [what, shape] of [["input", inputs[0]!.shape], ["check", check.shape]] as const) {
      if (shape.at(-1) === features.length) continue;
      throw invalid(name, `its ${what} must be ${features.length} wide, got ${shape.at(-1)}`);
    }
    const session = await InferenceSession.create(bytes).catch((cause) => {
      throw invalid(name, "it must be an ONNX model that the runtime can read", cause);
    });
    const tensors = [[inputs, session.inputNames], [outputs, session.outputNames]] as const;
    for (const [named, found] of tensors) {
      for (const tensor of named) {
        if (found.includes(tensor.name)) continue;
        throw invalid(name, `it must have a tensor named ${tensor.name}, got ${found}`);
      }
    }
    const model = new OnnxModel(manifest, session);
    await model.#check();
    return model;
  }

  /**
   * Runs a model of one input.
   * @param shape of the input, row-major.
   * @returns the manifest's last output, row-major `[batch, width]`.
   * @throws {GaitkeeperError} `model_unavailable` when the runtime fails, or is given or returns
   * what is no number.
   */
  async run(values: Float32Array, shape: readonly number[]): Promise<Float32Array> {
    return (await this.runNamed([{ name: this.manifest.inputs[0]!.name, values, shape }])).at(-1)!;
  }

  /**
   * Runs the model.
   * @param inputs every one that the manifest names; the first dimension is the batch.
   * @returns the manifest's outputs in its order, row-major.
   * @throws {GaitkeeperError} as {@linkcode run}.
   */
  runNamed(inputs: readonly NamedTensor[]): Promise<Float32Array[]> {
    const result = this.#last.then(() => this.#run(inputs));
    this.#last = result.catch(() => {});
    return result;
  }

  async #run(inputs: readonly NamedTensor[]): Promise<Float32Array[]> {
    const { name, outputs } = this.manifest;
    try {
      const feeds: Record<string, Tensor> = {};
      for (const { name, values, shape } of inputs) {
        // The runtime's ReLU makes 0 of NaN: what goes in bad would come out looking good.
        if (!values.every(Number.isFinite)) throw new RangeError("its input must be numbers");
        feeds[name] = new Tensor("float32", values, shape);
      }
      const found = await this.session.run(feeds);
      const batch = inputs[0]!.shape[0];
      return outputs.map((output) => {
        const { data, dims } = found[output.name]!;
        // The labels of a classifier are of no use here.
        if (!(data instanceof Float32Array)) return new Float32Array();
        if (dims[0] !== batch || dims.at(-1) !== output.shape.at(-1)) {
          throw new RangeError(`${output.name} must be ${batch} of ${output.shape}, got ${dims}`);
        }
        if (!data.every(Number.isFinite)) throw new RangeError("its output must be numbers");
        return Float32Array.from(data);
      });
    } catch (cause) {
      throw new GaitkeeperError("model_unavailable", `Cannot run ${name}: ${cause}`, { cause });
    }
  }

  async #check(): Promise<void> {
    const { name, inputs, check } = this.manifest;
    const [first, ...rest] = inputs;
    const given = [
      { name: first!.name, values: Float32Array.from(check.input), shape: check.shape },
      ...rest.map(({ name }) => {
        const { shape = [0], values = [] } = check.carried?.[name] ?? {};
        return { name, values: Float32Array.from(values), shape };
      }),
    ];
    const found = await this.runNamed(given).catch((cause) => {
      throw invalid(name, "it must run on its stored vectors", cause);
    });
    const output = found.at(-1)!;
    const farthest = check.output.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - output[i]!)),
      output.length === check.output.length ? 0 : Infinity,
    );
    if (farthest > CHECK_TOLERANCE) {
      throw invalid(name, `it must reproduce its stored vectors, strays by ${farthest}`);
    }
  }
}

function invalid(name: string, why: string, cause?: unknown): GaitkeeperError {
  return new GaitkeeperError("model_invalid", `Cannot load ${name}: ${why}`, { cause });
}
