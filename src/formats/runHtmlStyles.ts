export const styles = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 60rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h3 { font-size: .9rem; margin: .8rem 0 .2rem; }
h4 { font-size: .8rem; margin: .5rem 0 .1rem; opacity: .75; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .2rem 0; padding: .5rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 4px; max-height: 40rem; overflow: auto; unicode-bidi: plaintext; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .4rem 0; }
dt { opacity: .75; }
dd { margin: 0; overflow-wrap: anywhere; }
details { border-left: 2px solid color-mix(in srgb, currentColor 20%, transparent); padding: .15rem .6rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.kind { display: inline-block; min-width: 4.5rem; opacity: .75; }
.beside { opacity: .75; }
.failed { font-weight: 600; color: light-dark(#b3261e, #ff8a80); }
.note { opacity: .75; }
.d1 { margin-left: 1rem; } .d2 { margin-left: 2rem; } .d3 { margin-left: 3rem; } .d4 { margin-left: 4rem; }
.d5 { margin-left: 5rem; } .d6 { margin-left: 6rem; } .d7 { margin-left: 7rem; } .d8 { margin-left: 8rem; }
.d9 { margin-left: 9rem; } .d10 { margin-left: 10rem; } .d11 { margin-left: 11rem; } .d12 { margin-left: 12rem; }
@media print { details { break-inside: avoid; } }
`;

/** Of `styles`, for the policy of the page; a test says what it has to be. */
export const stylesHash = 'sha256-o7JL6ISH9/xIs2slxpQGFHWfVIPKpg+CGHci8lqQUoE=';
