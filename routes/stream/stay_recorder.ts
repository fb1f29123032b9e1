/** Records the stay of a subject who consented, and never troubles the session for it. */
import { Recording } from "../../core/recording.ts";
import type { Recorded, TraceFolder, TraceWriter } from "../trace_folder.ts";

export class StayRecorder {
  /** What the session records to. */
  readonly recording = new Recording();
  readonly #writer: Promise<TraceWriter | undefined>;

  constructor(traces: TraceFolder, of: Recorded) {
    this.#writer = traces.begin(of).catch(report);
  }

  /** Writes what is durable; a disk that is full costs the trace alone. */
  async finish(): Promise<void> {
    try {
      const writer = await this.#writer;
      await writer?.finish(this.recording.trace(writer.names));
    } catch (error) {
      report(error);
    }
  }
}

function report(error: unknown): undefined {
  console.error("trace not recorded:", error);
}
