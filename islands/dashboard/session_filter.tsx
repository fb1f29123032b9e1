/** What the list of sessions is narrowed to: a plain form, which acts at once where there is script. */
import { useEffect, useState } from "preact/hooks";
import { DEVICES, LEVELS, NO_FILTER, queryOf, type SessionFilter, STAGES } from "./ranking.ts";
import { DEVICE_WORDS, LEVEL_WORDS, STAGE_WORDS } from "./words.ts";

export interface SessionFilterFormProps {
  readonly filter: SessionFilter;
  readonly onChange: (filter: SessionFilter) => void;
}

export function SessionFilterForm({ filter, onChange }: SessionFilterFormProps) {
  const [isLive, setLive] = useState(false);
  useEffect(() => setLive(true), []);
  return (
    <form
      class="session-filter"
      method="get"
      action="/"
      role="search"
      aria-label="Narrow the sessions"
      onSubmit={(event) => event.preventDefault()}
    >
      <label class="session-filter-search">
        <span>Subject or session</span>
        <input
          type="search"
          name="search"
          value={filter.search}
          maxLength={128}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onChange({ ...filter, search: event.currentTarget.value })}
        />
      </label>
      <Choice
        name="level"
        label="Level"
        any="Any level"
        value={filter.level}
        choices={LEVELS.map((level) => [level, LEVEL_WORDS[level]] as const)}
        onChange={(level) => onChange({ ...filter, level })}
      />
      <Choice
        name="stage"
        label="Profile"
        any="Any profile"
        value={filter.stage}
        choices={STAGES.map((stage) => [stage, STAGE_WORDS[stage]] as const)}
        onChange={(stage) => onChange({ ...filter, stage })}
      />
      <Choice
        name="device"
        label="Device"
        any="Any device"
        value={filter.device}
        choices={DEVICES.map((device) => [device, DEVICE_WORDS[device]] as const)}
        onChange={(device) => onChange({ ...filter, device })}
      />
      <label class="session-filter-ended">
        <input
          type="checkbox"
          name="show"
          value="all"
          checked={filter.ended}
          onChange={(event) => onChange({ ...filter, ended: event.currentTarget.checked })}
        />
        <span>Ended too</span>
      </label>
      {!isLive && <button type="submit" class="button button-small">Apply</button>}
      {queryOf(filter) !== "" && (
        <a
          class="session-filter-clear"
          href="/"
          onClick={(event) => {
            event.preventDefault();
            onChange(NO_FILTER);
          }}
        >
          Clear
        </a>
      )}
    </form>
  );
}

interface ChoiceProps<Name extends string> {
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly value: Name | undefined;
  readonly choices: readonly (readonly [Name, string])[];
  readonly onChange: (value: Name | undefined) => void;
}

function Choice<Name extends string>(props: ChoiceProps<Name>) {
  const { name, label, any, value, choices, onChange } = props;
  return (
    <label>
      <span>{label}</span>
      <select
        name={name}
        onChange={(event) => onChange((event.currentTarget.value || undefined) as Name | undefined)}
      >
        <option value="" selected={value === undefined}>{any}</option>
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice} selected={choice === value}>{words}</option>
        ))}
      </select>
    </label>
  );
}
