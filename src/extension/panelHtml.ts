import * as vscode from 'vscode';

/** The page of the panel. It holds no data: everything comes by messages. */
export function panelHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  view: 'span' | 'runs' | 'compare' | 'replay',
): string {
  const file = (name: string) => webview.asWebviewUri(distFile(extensionUri, name)).toString();
  const nonce = newNonce();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    'img-src blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${/^[\w-]+$/.exec(vscode.env.language)?.[0] ?? 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${vscode.l10n.t('Agent Traces')}</title>
<link rel="stylesheet" href="${file('panel.css')}">
</head>
<body>
<div id="root" data-view="${view}"></div>
<script type="module" nonce="${nonce}" src="${file('panel.js')}"></script>
</body>
</html>`;
}

export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
}

export const distFile = (extensionUri: vscode.Uri, name: string): vscode.Uri =>
  vscode.Uri.joinPath(extensionUri, 'dist', name);

function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
