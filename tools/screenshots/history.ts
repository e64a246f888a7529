import { contractOf, married, organisation, type Person } from '../../demo/organisation.ts';
import { helloId as helloIdAt, type HelloId } from '../../demo/helloid.ts';
import { departments, familyNames, titles } from '../../demo/names.ts';
import { drawing, type Draw } from '../../demo/random.ts';
import type { Stage } from '../../demo/stage.ts';

/** Some months of an invented organisation, lived through by the real connector. */
export interface History {
  /** Many leave on one day and some come back, and the run that follows is held. */
  reorganise(): Promise<void>;
}

const seed = 1872;
const employees = 1_180;
const joinersThere = 400;
const firstDay = '2026-01-05';
const lastDay = '2026-03-20';
const mistake = '2026-02-17';
const decider = 'Fenna de Boer';

interface Life {
  stage: Stage;
  helloId: HelloId;
  draw: Draw;
  staff: Person[];
  joiners: Person[];
  leavers: Person[];
}

/** Lives from the first account to the morning of the last day; each night's files go out by SFTP. */
export async function history(stage: Stage, agentKey: string, signal: AbortSignal): Promise<History> {
  const everyone = organisation(seed, employees + joinersThere);
  const life: Life = {
    stage,
    helloId: helloIdAt(stage.address, agentKey, signal),
    draw: drawing(seed + 1),
    staff: everyone.slice(0, employees),
    joiners: everyone.slice(employees),
    leavers: [],
  };
  stage.clock.set(`${firstDay}T13:00:00Z`);
  await inTurns(life.staff, (person) => life.helloId.create(person));
  for (const day of daysBetween(firstDay, lastDay)) {
    await night(life, day);
    if (day !== lastDay) await workday(life, day);
  }
  await workday(life, lastDay, '07:05');
  stage.clock.set(`${lastDay}T07:42:00Z`);
  return {
    async reorganise() {
      stage.clock.set(`${lastDay}T09:10:00Z`);
      await inTurns(life.staff.splice(200, 74), (person) => life.helloId.disable(person));
      await inTurns(life.leavers.splice(0, 7), (person) => enable(stage, person, 'Comes back from leave'));
      await inTurns(life.joiners.splice(0, 9), (person) => life.helloId.create(person));
      await operate(stage, 'exports', {});
      await stage.app.daily.settled();
    },
  };
}

/** The dump is due, and what it brings to a halt is decided by somebody. */
async function night({ stage }: Life, day: string): Promise<void> {
  stage.clock.set(`${day}T04:30:20Z`);
  await stage.app.tick();
  const [held] = await stage.app.runs.inState('held');
  if (!held) return;
  stage.clock.set(`${day}T07:${day === firstDay ? '20' : '05'}:00Z`);
  const isMistake = day === nextDay(mistake);
  const reason = isMistake
    ? 'Business rule was wrong; HR puts it right'
    : 'First files compared with those of last week';
  await operate(stage, `exports/${held.id}/${isMistake ? 'discard' : 'release'}`, { by: decider, reason });
  await stage.app.tick();
}

/** People join, move and leave, in the week more than at weekends. */
async function workday(life: Life, day: string, time?: string): Promise<void> {
  const { stage, helloId, draw } = life;
  const weekday = new Date(day).getUTCDay();
  if (weekday === 0 || weekday === 6) return;
  stage.clock.set(`${day}T${time ?? `13:${10 + below(draw, 40)}`}:00Z`);
  const isFirstOfMonth = Number(day.slice(8)) <= 3;
  for (const person of life.joiners.splice(0, below(draw, isFirstOfMonth ? 14 : 4))) {
    await helloId.create(person);
    life.staff.push(person);
  }
  for (let moves = 3 + below(draw, 14); moves > 0; moves -= 1) {
    const index = below(draw, life.staff.length);
    const moved = moves % 4 === 0 ? life.staff[index] : movedOf(life.staff[index], draw);
    if (!moved) continue;
    life.staff[index] = moved;
    await helloId.update(moved);
  }
  const leaving = life.staff.splice(below(draw, 800), below(draw, isFirstOfMonth ? 7 : 3));
  await inTurns(leaving, (person) => helloId.disable(person));
  await inTurns(life.leavers.splice(0, below(draw, 3)), (person) => helloId.remove(person));
  life.leavers.push(...leaving);
  if (day === mistake) await inTurns(life.staff.slice(300, 390), (person) => helloId.disable(person));
  if (day === nextDay(mistake))
    await inTurns(life.staff.slice(300, 390), (person) => enable(stage, person, 'Disabled by mistake'));
  if (day >= '2026-03-18') await marry(life);
}

/** Another name, and a username that waits for an operator. */
async function marry({ staff, helloId, draw }: Life): Promise<void> {
  const index = below(draw, staff.length);
  const person = staff[index];
  const partner = familyNames.find((family) => family.prefix !== null && family !== person?.family);
  if (!person || !partner) return;
  const renamed = married(person, partner, new Set(staff.map(({ username }) => username)));
  staff[index] = renamed;
  await helloId.update(renamed);
}

function enable(stage: Stage, { externalId }: Person, reason: string): Promise<void> {
  return operate(stage, `accounts/SC-${externalId}/enable`, { by: decider, reason });
}

function movedOf(person: Person | undefined, draw: Draw): Person | undefined {
  if (!person) return undefined;
  const left = person.contracts.map((contract) => ({ ...contract, inConditions: false }));
  return {
    ...person,
    contracts: [...left, contractOf(person, draw.from(departments), draw.from(titles), '2026-03-01')],
  };
}

async function inTurns<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of waiting) await act(item);
    }),
  );
}

async function operate({ address, keys }: Stage, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-functions-key': keys.operator };
  const response = await fetch(`${address}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
}

function below(draw: Draw, limit: number): number {
  return draw.from([...Array(limit).keys()]);
}

function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = nextDay(first); day <= last; day = nextDay(day)) days.push(day);
  return days;
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
