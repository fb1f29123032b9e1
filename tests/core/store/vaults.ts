/** The vault of tests. */
import { Vault } from "../../../core/store/vault.ts";

export const MASTER_KEY = "0".repeat(64);
export const VAULT = await Vault.open(MASTER_KEY);
