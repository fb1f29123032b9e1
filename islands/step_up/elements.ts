/** Elements without markup: nothing here is parsed, so Trusted Types have nothing to object to. */

const SVG = "http://www.w3.org/2000/svg";

export type Attributes = Readonly<Record<string, string>>;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(label: string, onClick: () => void, look = ""): HTMLButtonElement {
  const made = element("button", { type: "button", ...look ? { class: look } : {} }, label);
  made.addEventListener("click", onClick);
  return made;
}

/** A drawing of one path in a square of this side. */
export function drawing(side: number, path: string, attributes: Attributes): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const all = { viewBox: `0 0 ${side} ${side}`, ...attributes };
  for (const [name, value] of Object.entries(all)) svg.setAttribute(name, value);
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  drawn.setAttribute("fill", "currentColor");
  svg.append(drawn);
  return svg;
}
