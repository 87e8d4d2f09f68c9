// The pages that tests have open, and pictures of them when one fails. It loads no browser: every test
// process takes part.
import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { inRepo } from './repo.ts';

const pages = new Set<Page>();
let pictures: Promise<void> = Promise.resolve();

/** Remembers a page; what it gives forgets the page, once no picture of it is being taken. */
export function remember(page: Page): () => Promise<void> {
  pages.add(page);
  return async () => {
    await pictures;
    pages.delete(page);
  };
}

/** Takes a picture of every open page, in test/out/shots/failed-<title>.png. */
export function pictureAll(title: string): Promise<void> {
  const name = `failed-${title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120)}`;
  const earlier = pictures;
  pictures = [...pages].reduce(async (before, page, i) => {
    await before;
    await picture(page, inRepo(`test/out/shots/${name}${i > 0 ? `-${i + 1}` : ''}.png`));
  }, earlier);
  return pictures;
}

async function picture(page: Page, file: string): Promise<void> {
  try {
    fs.rmSync(file, { force: true });
    await page.screenshot({ path: file, animations: 'disabled', timeout: 10_000 });
    console.log(`  pictured: ${file}`);
  } catch (error) {
    console.log(`  no picture: ${error instanceof Error ? error.message : String(error)}`);
  }
}
