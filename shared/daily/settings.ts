import type { FindingCode } from '../domain/findings.ts';
import type { FreshFinding } from '../domain/run.ts';
import { readManifest } from '../export/pair.ts';
import { changedSettings, type ShapingSettings } from '../policy/shaping.ts';
import { pairFolder, type DailyParts } from './parts.ts';

/** A run that knows nothing of connector.json, while the one delivered last did, would undo what is set there. */
export function withoutSettingsReasons(parts: DailyParts): string[] {
  if (parts.format.settings.hasFile || !deliveredUnder(parts)?.hasFile) return [];
  return [
    'There is no connector.json, and there was one at the last delivery: this run follows the default settings. Start in its folder or give CONFIG_FILE, then make a new run',
  ];
}

/** Which settings that shape the files are others than at the last delivery: most edits are meant, and hold nothing. */
export function settingsFindings(parts: DailyParts): FreshFinding[] {
  const before = deliveredUnder(parts);
  const changed = before ? changedSettings(before, parts.format.settings) : [];
  if (changed.length === 0) return [];
  const message = `Settings that shape the files have changed since the last delivery: ${changed.join(', ')}`;
  return [{ code: 'settings-changed' satisfies FindingCode, reference: null, message }];
}

/** Undefined where nothing was delivered, and for a baseline or a pair of an earlier release. */
function deliveredUnder(parts: DailyParts): ShapingSettings | undefined {
  const pair = parts.facts.get('delivered-pair');
  return pair === undefined ? undefined : readManifest(pairFolder(parts, pair)).settings;
}
