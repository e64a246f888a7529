import type { Preview } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { formatAgo, formatBytes, formatNumber } from '../../format.ts';
import { BecomesBadge } from '../../parts/becomes-badge.tsx';
import { Card } from '../../parts/card.tsx';
import { Loaded, Loading } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { addressOf } from '../../route.ts';
import { Said } from '../../text/said.tsx';
import { text } from '../../text/text.ts';
import { EffectCard } from './effect-card.tsx';
import { PersonLink } from './person-link.tsx';
import { personRows, rowWords } from './row-words.ts';

/** What a delivery would do at this moment, with everybody it touches. */
export function PreviewPage() {
  const data = useData<Preview>('preview', 3_000);
  const { deliveries } = text();
  return (
    <Page
      title={deliveries.previewTitle}
      back={{ to: addressOf({ page: 'deliveries', run: null }), word: deliveries.back }}
      lead={<p class="soft">{deliveries.previewText}</p>}
    >
      <Loaded data={data}>
        {({ at, failed, computing, preview }) => (
          <>
            {failed !== null && (
              <Notice tone="bad" title={text().overview.comingFailed}>
                <p class="small break" lang="en">
                  {failed}
                </p>
              </Notice>
            )}
            {computing && !preview && <Loading word={deliveries.previewBusy} />}
            {preview && (
              <>
                <p class="row">
                  <BecomesBadge becomes={preview.becomes} />
                  <span class="soft small">{at !== null && deliveries.previewAt(formatAgo(at))}</span>
                  {computing && <span class="soft small">{deliveries.previewAgain}</span>}
                </p>
                {preview.reasons.length > 0 && (
                  <Notice tone="warn" title={text().words.becomes[preview.becomes]}>
                    <ul class="reasons">
                      {preview.reasons.map((reason) => (
                        <li key={reason} class="break">
                          <Said words={reason} />
                        </li>
                      ))}
                    </ul>
                  </Notice>
                )}
                <div class="grid grid-wide">
                  <EffectCard effect={preview.effect} who={preview.effect.who ?? null} />
                  <div class="grid grid-top">
                    <PreviewFiles {...preview} />
                    <PreviewFindings findings={preview.findings} />
                  </div>
                </div>
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

type Shown = NonNullable<Preview['preview']>;

function PreviewFiles({ files, effect }: Pick<Shown, 'files' | 'effect'>) {
  const { deliveries } = text();
  return (
    <Card title={deliveries.files}>
      <ul class="lines">
        {files.map(({ name, rows, bytes }, index) => (
          <li key={name} class="stack-tight">
            <strong class="break">{name}</strong>
            <span class="small soft number">
              {index === 0 ? personRows(rows, effect) : rowWords(rows)}, {formatBytes(bytes)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function PreviewFindings({ findings }: Pick<Shown, 'findings'>) {
  const { deliveries, words } = text();
  return (
    <Card title={deliveries.findings} aside={<span class="soft number">{formatNumber(findings.length)}</span>}>
      {findings.length === 0 && <p class="soft small">{deliveries.findingsNone}</p>}
      <ul class="lines">
        {findings.slice(0, 50).map(({ code, reference, message }) => (
          <li key={`${code} ${reference ?? ''} ${message}`} class="stack-tight">
            <span class="row">
              <strong>{words.findings[code] ?? code}</strong>
              {reference !== null && <PersonLink reference={reference} name={reference} />}
            </span>
            <p class="small break">
              <Said words={message} />
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
