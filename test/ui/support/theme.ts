// Switches the theme of a window the way a person may, through the settings of its folder.
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { inRepo } from '../../tools/repo.ts';
import { screenshot } from '../../tools/workbench.ts';

const themes = {
  dark: { label: 'Default Dark Modern', workbench: 'vs-dark', body: 'vscode-dark' },
  light: { label: 'Default Light Modern', workbench: 'vs', body: 'vscode-light' },
  hc: {
    label: 'Default High Contrast',
    workbench: 'hc-black',
    body: 'vscode-high-contrast:not(.vscode-high-contrast-light)',
  },
  'hc-light': {
    label: 'Default High Contrast Light',
    workbench: 'hc-light',
    body: 'vscode-high-contrast-light',
  },
} as const;

export type Theme = keyof typeof themes;
export const allThemes = Object.keys(themes) as readonly Theme[];

export function writeTheme(folder: string, theme: Theme): void {
  const settings = path.join(folder, '.vscode/settings.json');
  fs.mkdirSync(path.dirname(settings), { recursive: true });
  fs.writeFileSync(settings, JSON.stringify({ 'workbench.colorTheme': themes[theme].label }));
}

/** Until the workbench and each frame have it. */
export async function setTheme(
  page: Page,
  folder: string,
  theme: Theme,
  frames: readonly Frame[] = [],
): Promise<void> {
  const { workbench, body } = themes[theme];
  writeTheme(folder, theme);
  await page.locator(`.monaco-workbench.${workbench}`).waitFor();
  for (const frame of frames) await frame.locator(`body.${body}`).waitFor();
}

/** Until what was laid out anew is drawn as well: charts follow the size of the page a frame later. */
export const drawn = (where: Page | Frame): Promise<void> =>
  where.evaluate(
    () =>
      new Promise<void>(resolve => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );

/** Gives a window another width, until a page in it has followed. */
export async function setWidth(page: Page, width: number, frame: Frame): Promise<void> {
  const had = page.viewportSize();
  const before = await frame.evaluate(() => innerWidth);
  await page.setViewportSize({ width, height: had?.height ?? 900 });
  if (width !== had?.width) await frame.waitForFunction(earlier => innerWidth !== earlier, before);
  await drawn(frame);
}

/** Makes pictures of a state in dark and in light: in the theme that is there, then in the other, which stays. */
export function inDarkAndLight(page: Page, folder: string) {
  let theme: 'dark' | 'light' = 'dark';
  return async (what: string, frames: readonly Frame[] = []): Promise<void> => {
    const shot = () => screenshot(page, inRepo(`test/out/shots/${what}-${theme}.png`));
    await shot();
    theme = theme === 'dark' ? 'light' : 'dark';
    await setTheme(page, folder, theme, frames);
    for (const frame of frames) await drawn(frame);
    await shot();
  };
}

export type Pictures = ReturnType<typeof inDarkAndLight>;
