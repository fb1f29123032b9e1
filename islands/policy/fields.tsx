/** The form's fields: a number each, and where there is script a slider beside it. */
import {
  BLOCK_CONFIDENCE,
  HALF_LIFE,
  LEVEL_FIELDS,
  type NumberField,
  type PolicyDraft,
  PRIOR,
  STEP_UP_CONFIDENCE,
} from "./draft.ts";

export interface FieldsProps {
  readonly draft: PolicyDraft;
  readonly isLive: boolean;
  readonly onChange: (change: Partial<PolicyDraft>) => void;
}

const LEVEL_WORDS = {
  elevated: "Elevated: looked at, nothing asked",
  high: "High: a step-up is asked",
  critical: "Critical: a step-up is asked, or the session is blocked",
} as const;

export function Fields(props: FieldsProps) {
  const { draft, onChange } = props;
  return (
    <>
      {(["elevated", "high", "critical"] as const).map((level) => (
        <fieldset key={level} class={`policy-set policy-${level}`}>
          <legend>{LEVEL_WORDS[level]}</legend>
          {LEVEL_FIELDS[level].map((field) => <Slider key={field.name} {...props} field={field} />)}
        </fieldset>
      ))}
      <fieldset class="policy-set">
        <legend>How sure one must be</legend>
        <Slider {...props} field={STEP_UP_CONFIDENCE} />
        <label class="policy-tick">
          <input
            type="checkbox"
            name="blocks"
            checked={draft.blocks}
            onChange={(event) => onChange({ blocks: event.currentTarget.checked })}
          />
          <span>
            Block critical sessions
            <span class="sub">
              Off, behaviour alone never locks anybody out: they are asked to prove who they are.
            </span>
          </span>
        </label>
        <Slider {...props} field={BLOCK_CONFIDENCE} isOff={props.isLive && !draft.blocks} />
      </fieldset>
      <fieldset class="policy-set">
        <legend>What is believed</legend>
        <Slider {...props} field={PRIOR} />
        <Slider {...props} field={HALF_LIFE} />
      </fieldset>
      <fieldset class="policy-set policy-shadow">
        <legend>Shadow mode</legend>
        <label class="policy-tick">
          <input
            type="checkbox"
            name="shadow"
            role="switch"
            checked={draft.shadow}
            onChange={(event) => onChange({ shadow: event.currentTarget.checked })}
          />
          <span>
            Decide, but do nothing
            <span class="sub">
              Risks, levels and alerts go on as ever, and alerts are marked. Pages are told to let
              everybody through: nobody is asked to step up, nobody is blocked.
            </span>
          </span>
        </label>
      </fieldset>
    </>
  );
}

function Slider(
  { field, draft, isLive, onChange, isOff = false }: FieldsProps & {
    readonly field: NumberField;
    readonly isOff?: boolean;
  },
) {
  const { name, label, unit, min, max, step, sliderMax = max } = field;
  const value = draft[name];
  const change = (text: string) => {
    // A field that is being emptied to be typed anew is not a number yet.
    if (text.trim() !== "") onChange({ [name]: Number(text) });
  };
  return (
    <div class={`policy-field${isOff ? " policy-off" : ""}`}>
      <label for={`policy-${name}`}>{label}</label>
      {isLive && (
        <input
          type="range"
          aria-label={`${label}, slider`}
          aria-valuetext={`${value} ${unit}`}
          min={min}
          max={sliderMax}
          step={step}
          value={Math.min(value, sliderMax)}
          disabled={isOff}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
      <span class="policy-number">
        <input
          id={`policy-${name}`}
          type="number"
          name={name}
          min={min}
          max={max}
          step="any"
          value={value}
          readOnly={isOff}
          required
          onInput={(event) => change(event.currentTarget.value)}
        />
        <span class="policy-unit">{unit}</span>
      </span>
    </div>
  );
}
