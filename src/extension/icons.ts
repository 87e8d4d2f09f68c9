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
  const svg = glyphSvg(kind, mark, { kind: plain, mark: colour });
  return vscode.Uri.parse(`data:image/svg+xml;base64,${btoa(svg)}`);
}
