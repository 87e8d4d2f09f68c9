import type { RunRef } from '../../src/protocol/panel.ts';
import { useWords } from '../app/page.tsx';
import { Waterfall } from '../waterfall/Waterfall.tsx';

/** The run that is selected. */
export function SelectedRun({ run }: { readonly run: RunRef }) {
  const words = useWords();
  return (
    <section className="selected-run" aria-label={words.selectedRun} data-run={run.runId}>
      <Waterfall key={run.runId} file={run.file} runId={run.runId} />
    </section>
  );
}
