/** The dialog's looks. A constructed sheet: a page's `style-src` has no say in it (CSSOM). */

export const STYLES = `
:host{all:initial!important;display:contents!important;color-scheme:light dark!important}
*{box-sizing:border-box}
[hidden]{display:none!important}
dialog{--surface:#fff;--ink:#1a2230;--muted:#566172;--line:#7d8797;--accent:#2f4b7c;--on:#fff;
--focus:#1d6fe0;--bad:#a3123f;--tint:#fae3ea;
width:min(25.5em,100% - 2em);max-height:calc(100% - 2em);max-height:calc(100dvh - 2em);
margin:auto;padding:1.5em 1.5em .75em;overflow:auto;border:0;border-radius:14px;
background:var(--surface);color:var(--ink);
font:400 1rem/1.45 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-size:medium;
text-align:start;box-shadow:0 0 0 1px #0002,0 18px 50px #0006}
dialog::backdrop{background:#0c111a99}
h2,p,form{margin:0}
h2{font-size:1.25em;line-height:1.25;font-weight:650;letter-spacing:-.01em}
.lead{margin-top:.5em;color:var(--muted)}
.body:not(:empty){margin-top:1.25em}
form,.stack{display:flex;flex-direction:column;gap:.75em}
label,.label{font-weight:600}
.field{display:flex;flex-direction:column;gap:.375em}
input{min-height:48px;width:100%;padding:.375em .625em;border:1px solid var(--line);border-radius:8px;
background:transparent;color:inherit;font:inherit;font-size:1.375em;letter-spacing:.25em;
font-variant-numeric:tabular-nums}
input[aria-invalid]{border-color:var(--bad);box-shadow:0 0 0 1px var(--bad)}
button,a{display:inline-flex;align-items:center;justify-content:center;gap:.5em;min-height:44px;
padding:.375em 1em;border:1px solid transparent;border-radius:8px;background:none;
color:var(--accent);font:inherit;font-weight:600;text-align:center;cursor:pointer}
a{text-underline-offset:.15em}
button:hover,a:hover{background:color-mix(in srgb,var(--accent) 9%,transparent)}
.main{min-height:48px;background:var(--accent);color:var(--on)}
.main:hover{background:color-mix(in srgb,var(--accent) 88%,var(--ink))}
.quiet{color:var(--muted)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
dialog:focus-visible{outline:0}
[role=alert]:not(:empty){margin-top:1em;padding:.625em .75em;border-radius:8px;
border-inline-start:4px solid var(--bad);background:var(--tint);color:var(--ink)}
[role=status]{min-height:1.45em;margin-top:.25em;font-size:.9375em;color:var(--muted);text-align:center}
.foot{display:flex;justify-content:center}
.count{font-size:2.25em;line-height:1.2;font-weight:650;text-align:center;
font-variant-numeric:tabular-nums}
.qr{display:block;min-height:228px;margin:0 auto;max-width:100%;border-radius:8px;background:#fff}
.key{display:block;max-width:20ch;font:600 1em/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
overflow-wrap:anywhere;user-select:all;-webkit-user-select:all}
[aria-busy=true] .body{opacity:.55}
svg.mark{width:1.25em;height:1.25em;flex:none}
@media (prefers-color-scheme:dark){
dialog{--surface:#181e28;--ink:#e7ebf2;--muted:#9aa6b8;--line:#76839a;--accent:#8fb0ea;--on:#10141b;
--focus:#7fb0ff;--bad:#f4719a;--tint:#301922;box-shadow:0 0 0 1px #fff2,0 18px 50px #000a}}
@media (prefers-reduced-motion:no-preference){
dialog[open]{animation:rise .16s ease-out}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}}
@media (max-width:26em){dialog{padding:1.25em 1.25em .75em}}
@media (forced-colors:active){dialog,.main{border:1px solid}}
`;
