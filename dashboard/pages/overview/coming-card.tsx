import { useEffect } from 'preact/hooks';
import type { Preview } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { formatAgo } from '../../format.ts';
import { Card } from '../../parts/card.tsx';
import { BecomesBadge } from '../../parts/becomes-badge.tsx';
import { changesNothing, EffectFigures } from '../../parts/effect-figures.tsx';
import { Loaded, Loading } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Said } from '../../text/said.tsx';
import { text } from '../../text/text.ts';

/** What a delivery would do at this moment. */
export function ComingCard() {
  const data = useData<Preview>('preview?who=false', 15_000);
  const { overview } = text();
  const isFirst = data.value?.preview === null && data.value.computing;
  useEffect(() => {
    if (!isFirst) return;
    const timer = setTimeout(data.reload, 1_000);
    return () => clearTimeout(timer);
  }, [data.value]);
  const preview = data.value?.preview;
  return (
    <Card title={overview.comingTitle} aside={preview && <BecomesBadge becomes={preview.becomes} />}>
      <Loaded data={data}>
        {({ at, failed, computing, preview: coming }) => (
          <>
            {failed !== null && (
              <Notice tone="bad" title={overview.comingFailed}>
                <p class="small break" lang="en">
                  {failed}
                </p>
              </Notice>
            )}
            {!coming && failed === null && <Loading />}
            {coming && (
              <>
                {changesNothing(coming.effect) ? (
                  <p>{overview.comingSame}</p>
                ) : (
                  <EffectFigures effect={coming.effect} />
                )}
                {coming.reasons.map((reason) => (
                  <p key={reason} class="small break">
                    <Said words={reason} />
                  </p>
                ))}
                <p class="row small soft">
                  {at !== null && <span>{overview.comingAt(formatAgo(at))}</span>}
                  {computing && <span>{text().deliveries.previewAgain}</span>}
                  <a href="#/deliveries/preview">{overview.comingLook}</a>
                </p>
              </>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
