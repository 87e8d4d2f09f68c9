import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { PanelCommand } from '../../src/protocol/panel.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useKeyed, usePage, useShown } from '../app/page.tsx';
import { Button, IconButton } from '../ui/buttons.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';

export function Actions({ detail }: { readonly detail: SpanDetail }) {
  const { connection, words, keys, replaysRuns, ask } = usePage();
  const { ref } = useShown();
  const keyed = useKeyed();
  const { failure, run } = detail;
  const start = (command: PanelCommand) => () => ask(connection.api.run(command, ref));
  const item = (command: PanelCommand, label: string): MenuItem => ({
    label,
    key: keys[command],
    run: start(command),
  });
  const groups: (readonly MenuItem[])[] = [
    [
      ...(detail.cause ? [item('goToCause', words.goToCause)] : []),
      item('revealInRunTree', words.revealInRunTree),
      ...(detail.source ? [item('goToSource', words.goToSource)] : []),
    ],
    [
      ...(detail.prompt ? [item('openPrompt', words.openPrompt)] : []),
      ...(detail.response ? [item('openResponse', words.openResponse)] : []),
      item('compareWith', words.compareWith),
    ],
    [
      item('copySpanId', words.copySpanId),
      item('copySpanAsJson', words.copyAsJson),
      item('copySpanAsMarkdown', words.copyAsMarkdown),
    ],
    replaysRuns
      ? [item('replayUpToHere', words.replayUpToHere), item('replayRun', words.replayRun)]
      : [],
    [item('showLog', words.showLog)],
  ];
  return (
    <div className="head-actions">
      {failure && failure.count > 1 && (
        <span className="second small nowrap only-wide">
          {fillIn(words.failureOf, [integer(failure.index), integer(failure.count)])}
        </span>
      )}
      {(failure || run.failedSpans > 0) && (
        <>
          <IconButton
            icon="up"
            title={keyed(words.previousFailure, 'goToPreviousFailure')}
            onClick={start('goToPreviousFailure')}
          />
          <IconButton
            icon="down"
            title={keyed(words.nextFailure, 'goToNextFailure')}
            onClick={start('goToNextFailure')}
          />
        </>
      )}
      <Button
        icon="replay"
        compact
        title={keyed(words.replay, 'replaySpan')}
        onClick={start('replaySpan')}
        why={detail.onlyNewMessages ? words.replayOnlyNew : undefined}
      >
        {words.replay}
      </Button>
      <Menu label={words.moreActions} groups={groups.filter(group => group.length > 0)} />
    </div>
  );
}
