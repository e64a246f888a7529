/** A finished file on this machine that is to be delivered: it is never written again. */
export interface LocalFile {
  /** Name at the destination, for example `Users.csv`. */
  name: string;
  /** Where it lies here. */
  path: string;
  bytes: number;
  /** Lower case hex. */
  sha256: string;
}

/** What to deliver, in the order in which the files must appear (persons before roles). */
export interface Shipment {
  /** Names our temporaries apart from anybody else's: `.Users.csv.<id>.partial`. Letters, digits and dashes. */
  id: string;
  files: LocalFile[];
}

/** What was found under a final name, right before it is given to another file. */
export type Lying = { name: string } & (
  | { what: 'nothing' }
  /** One of the known files; several where only the size could be compared. */
  | { what: 'known'; sha256: string[]; bytes: number; modifiedAt: string | null }
  | { what: 'other'; bytes: number; modifiedAt: string | null }
  /** It may not be looked at, or not now. */
  | { what: 'unseen' }
);

/** A file by which what lies under its name is known again. */
export interface KnownFile {
  name: string;
  bytes: number;
  sha256: string;
  /** An attempt to send it began: where files are written in place, a part of it may lie there. */
  begun: boolean;
}

/** A look at the final names, each by itself, before anything becomes visible under them. */
export interface Look {
  known: readonly KnownFile[];
  /** Rejects with an `AppError` where nothing may be replaced: everything then stays as it is. */
  judge(lying: Lying[]): Promise<void>;
}

/** What is known of an attempt that stopped: the files arrived, they did not, or the far side does not tell. */
export type Outcome = 'arrived' | 'absent' | 'unseen';

/** Where the files go. A delivery happens whole or throws an `AppError` that says what went wrong and what to do. */
export interface Delivery {
  kind: 'folder' | 'sftp';
  /** The destination in words, without secrets: for logs, the ledger and the first-time rule. */
  describe(): string;
  /**
   * Sends and proves both temporaries, looks at the final names, calls `proven` (each if given), then renames both. Throws `delivery-refused` (a person must look), `delivery-failed`
   * (can pass, nothing was put in place for good) or, once `proven` was called, `delivery-unknown`: only the far side knows, see `finish`.
   */
  deliver(shipment: Shipment, proven?: () => Promise<void>, look?: Look): Promise<void>;
  /**
   * Goes on where an attempt stopped after `proven`: renames what is still waiting, after a look at the final names, and takes what was fetched
   * meanwhile for delivered. Where it is not known to have arrived, the files have to be sent again.
   */
  finish(shipment: Shipment, look?: Look): Promise<Outcome>;
  /** Which of these names lie at the destination already; only asked of a folder. */
  existing(names: readonly string[]): Promise<string[]>;
}
