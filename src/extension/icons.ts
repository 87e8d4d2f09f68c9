import * as vscode from 'vscode';
import type { Mark } from '../core/describe.ts';
import { glyphSvg } from '../core/glyphs.ts';
import type { SpanKind } from '../core/model.ts';

export interface Icon {
  readonly light: vscode.Uri;
  readonly dark: vscode.Uri;
}

type Theme = 'light' | 'dark';

// An icon in a data: uri cannot use theme variables; these are icon.foreground, charts.red and charts.blue
// of VS Code's own light and dark themes, which its high contrast themes take by their lightness.
const palette: Readonly<Record<Theme, { plain: string; red: string; blue: string }>> = {
  light: { plain: '#424242', red: '#e51400', blue: '#1a85ff' },
  dark: { plain: '#c5c5c5', red: '#f14c4c', blue: '#3794ff' },
};

const icons = new Map<string, Icon>();

/** The icon of a kind with its status on the corner. A tree asks for the same few thousands of times. */
export function iconOf(kind: SpanKind, mark: Mark): Icon {
  const key = `${kind} ${mark}`;
  const icon = icons.get(key) ?? {
    light: draw(kind, mark, 'light'),
    dark: draw(kind, mark, 'dark'),
  };
  icons.set(key, icon);
  return icon;
}

function draw(kind: SpanKind, mark: Mark, theme: Theme): vscode.Uri {
  const { plain, red, blue } = palette[theme];
  const colour = mark === 'failed' ? red : mark === 'running' ? blue : plain;
  return dataUri(glyphSvg(kind, mark, { kind: plain, mark: colour }));
}

const dataUri = (svg: string): vscode.Uri =>
  vscode.Uri.parse(`data:image/svg+xml;base64,${btoa(svg)}`);

/** An arrow around a triangle: the icon of the replay page's tab. */
export function replayIcon(): Icon {
  const arrow = (theme: Theme): vscode.Uri =>
    dataUri(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="${palette[theme].plain}" stroke-width="1.2"><path d="M6 5.2v5.6L10.6 8zM2.5 5.2A6.1 6.1 0 1 1 1.9 8M2.2 2.1v3.3h3.3"/></svg>`,
    );
  return { light: arrow('light'), dark: arrow('dark') };
}

/** Two sheets side by side: the icon of the compare page's tab. */
export function compareIcon(): Icon {
  const sheets = (theme: Theme): vscode.Uri =>
    dataUri(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="${palette[theme].plain}" stroke-width="1.2"><path d="M2 2.6h4.6v10.8H2zM9.4 2.6H14v10.8H9.4zM3.6 5.2H5M3.6 7.2H5M11 5.2h1.4M11 7.2h1.4M11 9.2h1.4"/></svg>`,
    );
  return { light: sheets('light'), dark: sheets('dark') };
}
