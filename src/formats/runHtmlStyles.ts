/** Deeper than this, spans are not moved in further: the number beside them says it. */
export const mostMoved = 12;

const moves = Array.from({ length: mostMoved }, (_, at) => `.d${at + 1} { --d: ${at + 1}; }`);

export const styles = `
:root { color-scheme: light dark; --back: light-dark(#fff, #1f1f1f); --fore: light-dark(#3b3b3b, #ccc); --second: color-mix(in srgb, var(--fore) 74%, var(--back)); --line: light-dark(#e5e5e5, #2b2b2b); --guide: light-dark(#cecece, #505050); --hover: light-dark(#f2f2f2, #2a2d2e); --soft: light-dark(#f8f8f8, #252526); --link: light-dark(#005fb8, #40a6ff); --accent: light-dark(#0068d6, #59a4f9); --red: light-dark(#e51400, #f14c4c); --redword: light-dark(#b01011, #f88070); --mono: ui-monospace, "SF Mono", Consolas, "Liberation Mono", monospace; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--fore); font: 13px/20px system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1160px; margin: 0 auto; padding: 16px; }
h1 { font-size: 15px; line-height: 20px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 13px; line-height: 20px; font-weight: 600; margin: 12px 0 2px; }
p { margin: 2px 0; max-width: 88ch; overflow-wrap: anywhere; }
a { color: var(--link); overflow-wrap: anywhere; }
code, pre { font: 12px/18px var(--mono); font-variant-ligatures: none; }
code { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: 4px 12px; border-left: 2px solid var(--guide); max-height: 480px; overflow: auto; unicode-bidi: plaintext; tab-size: 4; }
.icon { width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.2; stroke-linejoin: round; stroke-linecap: round; }
.icon .area, .failed > .icon { fill: currentColor; stroke: none; fill-rule: evenodd; }
.failed > .icon { color: var(--red); }
.none { display: none; }
.note, .second { color: var(--second); }
.note { margin-bottom: 12px; font-size: 11px; line-height: 16px; }
.run + .run { margin-top: 32px; padding-top: 24px; border-top: 1px solid var(--line); }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: 0 12px; }
.status { display: inline-flex; align-items: center; gap: 4px; }
.failed { color: var(--redword); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(104px, max-content)); gap: 8px 24px; margin: 12px 0; }
.figures dt { font-size: 11px; line-height: 16px; color: var(--second); }
.figures dd { margin: 0; font-size: 17px; line-height: 22px; font-weight: 600; }
.figures small { display: block; font-size: 11px; line-height: 16px; font-weight: 400; color: var(--second); }
.facts { display: flex; flex-wrap: wrap; gap: 0 16px; margin: 2px 0 4px; color: var(--second); }
.facts div { display: flex; gap: 6px; min-width: 0; }
.facts dd { margin: 0; color: var(--fore); overflow-wrap: anywhere; }
.failure { margin: 12px 0; padding: 8px 12px; border-left: 2px solid var(--red); background: color-mix(in srgb, var(--red) 10%, var(--back)); }
.failure .second { color: var(--fore); }
.failure pre { padding: 4px 0; border: 0; color: var(--redword); }
.spans { margin-top: 16px; border-top: 1px solid var(--line); }
.heads { display: flex; gap: 6px; padding: 2px 8px 2px 22px; font-size: 11px; line-height: 16px; color: var(--second); }
.heads span:first-child { flex: 1; }
summary { cursor: pointer; list-style: none; display: flex; align-items: baseline; gap: 6px; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; flex: none; align-self: center; width: 5px; height: 5px; margin: 0 4px 0 3px; border: solid var(--second); border-width: 0 1px 1px 0; transform: rotate(-45deg); }
[open] > summary::before { transform: rotate(45deg); }
summary:focus-visible, pre:focus-visible { outline: 1px solid var(--link); outline-offset: -1px; }
summary:hover { background: var(--hover); }
.span { --d: 0; border-bottom: 1px solid transparent; }
.span[open] { border-bottom-color: var(--line); padding-bottom: 8px; }
.span > summary { align-items: flex-start; padding: 1px 8px 1px calc(8px + var(--d) * var(--step, 16px)); min-height: 22px; }
.span > summary::before { align-self: flex-start; margin-top: 7px; }
.span > summary > .icon { margin-top: 2px; color: var(--second); }
.span > div { padding: 2px 8px 4px calc(28px + var(--d) * var(--step, 16px)); }
.span.here > div > pre:first-of-type { border-left-color: var(--red); color: var(--redword); }
.span.here > summary { box-shadow: inset 2px 0 var(--red); }
.span.cause > summary { box-shadow: inset 2px 0 var(--accent); }
.span:target > summary { background: color-mix(in srgb, var(--accent) 18%, var(--back)); }
.name { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.name .beside { color: var(--second); }
.mark { font-weight: 600; }
.took { flex: none; display: flex; gap: 6px; }
.figure { flex: none; width: 72px; text-align: right; color: var(--second); }
.message > summary { color: var(--second); }
.message b { flex: none; min-width: 64px; font-weight: 600; color: var(--fore); overflow-wrap: anywhere; max-width: 40%; }
.message .begin { flex: 1; min-width: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.message[open] > summary .begin { visibility: hidden; }
.message > pre, .message > p { margin: 0 0 6px 15px; }
.new > pre { border-left-color: var(--accent); }
${moves.join('\n')}
@media (max-width: 760px) {
  main { padding: 12px 0; }
  .title, .figures, .note, .heads, .run > p, .run > .facts { margin-left: 12px; margin-right: 12px; }
  .span > summary { flex-wrap: wrap; row-gap: 0; }
  .span > summary > .name { flex-basis: calc(100% - 48px); }
  .took { width: 100%; padding-left: 41px; gap: 12px; }
  .took > .figure { width: auto; font-size: 11px; line-height: 16px; }
  .figure:empty, .heads { display: none; }
  .span { --step: 8px; }
  .span > div { padding-left: 14px; padding-right: 12px; }
}
`;

/** Of `styles`, for the policy of the page; a test says what it has to be. */
export const stylesHash = 'sha256-ltEPKYsdGi6nFXrIeO1V6pJTMZXx/4E3d1pAHu+lwTM=';
