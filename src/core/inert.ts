/**
 * Recorded text for a toast or a list of VS Code, which makes links of `[…](…)`, also to commands, and
 * icons of `$(…)`: an unseen word joiner parts the signs.
 */
export const unlinked = (text: string): string => text.replace(/(?<=[\]$])\(/g, '\u2060(');

/** Recorded text within Markdown, each sign as its number: backslashes do not keep `<…>` from being a link. */
export function markdownText(text: string): string {
  return text
    .replace(/[!-/:-@[-`{-~]/g, sign => `&#${sign.charCodeAt(0)};`)
    .replace(/^ | (?= )| $/gm, '&nbsp;')
    .replace(/\n/g, '\n\n');
}
