/** Brings a server-rendered island to life from the JSON block that the server put beside it. */
import { type ComponentType, h, hydrate } from "preact";

/** The island `name` is the element of this id; its props are in `<name>-props`. */
export function hydrateIsland<Props extends object>(
  name: string,
  component: ComponentType<Props>,
): void {
  const place = document.getElementById(name);
  const props = document.getElementById(`${name}-props`)?.textContent;
  if (!place || !props) throw new TypeError(`Cannot hydrate island: the page must hold "${name}"`);
  hydrate(h(component, JSON.parse(props) as Props), place);
  place.dataset.hydrated = "true";
}
