import { oneLine, runDurationWords, runMark, runStatusWords } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatDateTime, formatDuration, withoutMs } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import { useKeyed, usePage, useWords } from '../app/page.tsx';
import { useTicking } from '../app/useTicking.ts';
import { IconButton } from '../ui/buttons.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { Menu } from '../ui/Menu.tsx';
import { zoomCurrent, zoomStep } from './keys.ts';
import type { Model } from './model.ts';
import type { Plot } from './usePlot.ts';

/** What run it is, how long it took, what the bars mean, and what can be done. */
export function Head({
  plot,
  goToCause,
  charts,
  showCharts,
}: {
  readonly plot: Plot;
  readonly goToCause: () => void;
  /** The charts of its calls are shown. */
  readonly charts: boolean;
  readonly showCharts: (to: boolean) => void;
}) {
  const { words } = usePage();
  const keyed = useKeyed();
  const { model } = plot;
  const { run, cause } = model.data;
  const mark = runMark(run);
  const name = oneLine(run.name).trim() || words.noName;
  const atCause = cause !== undefined && plot.current === cause.row;
  return (
    <header className="wf-head">
      <span className="status-word" title={runStatusWords(run, words)}>
        <StatusIcon status={mark === 'none' ? 'ok' : mark} />
        <span className="unseen">{runStatusWords(run, words)}</span>
      </span>
      <h2 className="ellipsis" title={name}>
        <bdi>{name}</bdi>
      </h2>
      <RunFacts model={model} words={words} />
      <span className="spring" />
      <Legend />
      {model.data.calls.row.length > 0 && (
        <IconButton
          icon="columns"
          title={words.callCharts}
          pressed={charts}
          onClick={() => showCharts(!charts)}
        />
      )}
      {cause && (
        <IconButton
          icon="cause"
          title={keyed(atCause ? words.goToFailure : words.goToCause, 'goToCause')}
          onClick={goToCause}
        />
      )}
      <IconButton
        icon="fit"
        title={fillIn(words.withKey, [words.fit, 'F'])}
        onClick={() => plot.setView((_, bounds) => bounds)}
      />
      <Menu label={words.waterfallActions} groups={menuOf(plot, words)} />
    </header>
  );
}

function RunFacts({ model, words }: { readonly model: Model; readonly words: Words }) {
  const now = useTicking(usePage().now);
  const { run, path } = model.data;
  const took = runDurationWords(run, now);
  return (
    <span className="second ellipsis" title={words.criticalPathHow}>
      <span title={formatDateTime(run.start, words)}>
        {/* To the second: the spans have the thousandths. */}
        {withoutMs(formatDateTime(run.start, words)).replace(/ \d{4} /, ' ')}
      </span>
      {took && ` · ${took}`}
      {path.ms > 0 && ` · ${fillIn(words.criticalPath, [formatDuration(path.ms)])}`}
    </span>
  );
}

function Legend() {
  const words = useWords();
  const bars = [
    ['wf-llm', words.legendLlm],
    ['wf-tool', words.legendTool],
    ['wf-retrieval', words.legendRetrieval],
    ['wf-agent', words.legendAgent],
  ] as const;
  return (
    <span className="wf-legend second small">
      {bars.map(([look, name]) => (
        <span key={look}>
          <span className="wf-sample">
            <span className={`wf-bar ${look}`} />
          </span>
          {name}
        </span>
      ))}
      <span>
        <span className="wf-sample">
          <span className="wf-path" />
        </span>
        {words.legendPath}
      </span>
    </span>
  );
}

function menuOf(plot: Plot, words: Words) {
  const item = (label: string, key: string, run: () => void) => ({ label, key, run });
  return [
    [
      item(words.zoomIn, '+', () => zoomCurrent(plot, 1 / zoomStep)),
      item(words.zoomOut, '−', () => zoomCurrent(plot, zoomStep)),
      item(words.fit, 'F', () => plot.setView((_, bounds) => bounds)),
    ],
    [
      item(words.unfoldAll, '0', plot.unfoldAll),
      item(words.showOneLevel, '1', () => plot.showLevels(1)),
      ...[2, 3, 4].map(levels =>
        item(fillIn(words.showLevels, [levels]), String(levels), () => plot.showLevels(levels)),
      ),
    ],
  ];
}
