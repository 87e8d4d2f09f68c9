import * as vscode from 'vscode';
import type { TraceFiles } from './traceFiles.ts';

const key = 'openFiles';

/** Files that were opened by hand are listed again in the workspace's next session. */
export function rememberFiles(state: vscode.Memento, files: TraceFiles): vscode.Disposable {
  const stored = state.get<unknown>(key);
  for (const uri of Array.isArray(stored) ? stored : []) {
    if (typeof uri === 'string') files.add(vscode.Uri.parse(uri), true);
  }
  return files.onDidChange(event => {
    if (event.kind !== 'list') return;
    const pinned = files.list().filter(file => file.pinned);
    void state.update(
      key,
      pinned.map(file => file.id),
    );
  });
}
