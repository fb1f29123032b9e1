/** What a track is made of: what differs between the modalities, and what it goes on from. */
import type { ModalityModels } from "./models/model_set.ts";
import type { Missing, Profile } from "./profile.ts";
import type { TrackRecord } from "./store/checkpoint.ts";
import type { Modality, OpenWindow } from "./window.ts";
import type { StreamEvent } from "./wire.ts";

/** Cuts one modality's events into windows. */
export interface Windower<Event, Window> {
  push(event: Event): Window | undefined;
  /** What a stream that ends leaves over, when it is enough for a window. */
  flush(): Window | undefined;
  reset(): void;
  /** Strokes, or ms of movement, still missing to the next window. */
  readonly untilNext: number;
  readonly open: OpenWindow<Event & StreamEvent>;
}

/** What differs between the modalities. */
export interface TrackSettings<Event extends StreamEvent, Window, Settings> {
  readonly modality: Modality;
  readonly models: ModalityModels<Window, Settings>;
  readonly createWindower: (
    settings: Settings,
    open?: OpenWindow<Event>,
  ) => Windower<Event, Window>;
  /** A window's length and the hop to the next, in the windower's unit. */
  readonly length: number;
  readonly hop: number;
  /** Windows after a passed step-up that are the subject's, whatever they say. */
  readonly confirmed: number;
  /** From the windower's unit to what a person is told. */
  readonly missing: (amount: number) => Missing;
}

/** What a track goes on from. */
export interface TrackStart {
  readonly profile: Profile | undefined;
  /** For a profile that begins here. */
  readonly seed: number;
  readonly record: TrackRecord | undefined;
  readonly session: string;
  readonly enrolment: {
    /** Sessions that a ready profile must be spread over. */
    readonly sessions: number;
    /** May this session teach a profile that is not ready? */
    readonly mayEnrol: boolean;
  };
}
