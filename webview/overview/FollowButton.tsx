import { memo } from 'react';
import { usePage } from '../app/page.tsx';
import { Icon } from '../ui/Icon.tsx';

export interface FollowProps {
  readonly following: boolean;
  /** The file has changed since. */
  readonly behind: boolean;
  readonly follow: (following: boolean) => void;
}

/** Says whether the page shows what is written as it comes, and changes that. */
export const FollowButton = memo(function FollowButton({ following, behind, follow }: FollowProps) {
  const { words } = usePage();
  const says = following ? words.following : behind ? words.followBehind : words.followPaused;
  const title = following ? says : `${says}. ${words.followResume}`;
  return (
    <button
      type="button"
      className={following ? 'icon-button follow' : 'icon-button follow follow-paused'}
      title={title}
      aria-label={title}
      onClick={() => follow(!following)}
    >
      <Icon name={following ? 'live' : 'play'} />
      {!following && <span className="small">{says}</span>}
    </button>
  );
});
