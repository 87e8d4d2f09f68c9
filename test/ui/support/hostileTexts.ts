// Texts that do something where a page or VS Code takes them for more than text.

/** What markup calls; the test hears of it, in whatever frame it runs. */
export const marker = 'hostileTextRan';
export const scripts = `</script><script>${marker}()</script>`;
export const image = `<img src=x onerror=${marker}()>`;
export const markup = `${scripts}${image}`;

// Zen mode hides the side bar: it is seen at once that the command ran.
export const command = '[go](command:workbench.action.toggleZenMode)';
export const links = `${command} <command:workbench.action.toggleZenMode> [go](javascript:${marker}()) $(error)`;

/** Turns what follows it round, and so could make `exe.txt` of `txt.exe`. */
export const rightToLeft = 'safe\u202Egpj.exe';
export const isolates = 'open \u2067\u2066open';
export const controls = 'null\0 bell\x07 escape\x1b[31m delete\x7f next\x85';
export const hebrew = 'שלום עולם';
export const combining = `e\u0301 Z${'\u0310\u0311\u0312\u0313'.repeat(20)}algo 👩‍👩‍👧‍👦 🇪🇺`;

/** Has no place to break a line at. */
export const unbroken = 'x'.repeat(300);
