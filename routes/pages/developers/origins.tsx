/** Which pages may open streams. */
interface OriginsProps {
  readonly origins: readonly string[];
  /** This service's own, which always may. */
  readonly own: string;
  readonly mayChange: boolean;
  /** In dev pages of this machine may stream anyway. */
  readonly dev: boolean;
}

export function Origins({ origins, own, mayChange, dev }: OriginsProps) {
  return (
    <section class="panel" aria-labelledby="origins-heading">
      <h2 id="origins-heading">
        <Step n={1} /> Say which pages may stream
      </h2>
      <p>
        A page of any other origin is refused, whatever ticket it holds. This service's own pages
        {" "}
        (<code>{own}</code>) always may
        {dev && "; in dev, pages of this machine as well"}.
      </p>
      {origins.length === 0 ? <p class="empty">No origin is allowed yet.</p> : (
        <ul class="origins">
          {origins.map((origin) => (
            <li key={origin}>
              <code>{origin}</code>
              {mayChange && (
                <form method="post" action="/developers/origins/remove">
                  <input type="hidden" name="origin" value={origin} />
                  <button type="submit" class="button button-small">
                    Remove<span class="visually-hidden">{origin}</span>
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <form method="post" action="/developers/origins" class="row">
          <p class="field">
            <label for="origin">Origin of your pages</label>
            <input
              id="origin"
              name="origin"
              type="url"
              required
              maxLength={256}
              placeholder="https://www.example"
              autocomplete="off"
              spellcheck={false}
            />
          </p>
          <button type="submit" class="button">Allow it</button>
        </form>
      )}
    </section>
  );
}

/** Number of a step, which the order of headings says to those who hear the page. */
export function Step({ n }: { readonly n: number }) {
  return <span class="step-number" aria-hidden="true">{n}</span>;
}
