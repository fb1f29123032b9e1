/** Before there is any session: the two ways to a first one. */
export function FirstSession() {
  return (
    <section class="panel first" aria-labelledby="first-heading">
      <h2 id="first-heading">No sessions yet</h2>
      <p class="first-lead">
        A session appears here as soon as somebody types or moves a pointer on a page that is
        watched. Two ways to see a first one:
      </p>
      <ul class="first-ways">
        <li class="first-way">
          <h3>Try it yourself</h3>
          <p>Be learned in two minutes on this computer, then let a stranger take over.</p>
          <p>
            <a class="button button-main" href="/try">Try it yourself</a>
          </p>
        </li>
        <li class="first-way">
          <h3>Put it on your site</h3>
          <p>One script tag on the page and one request from your server, ready to copy.</p>
          <p>
            <a class="button" href="/developers">Put it on your site</a>
          </p>
        </li>
      </ul>
    </section>
  );
}
