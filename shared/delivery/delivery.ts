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

/** Where the files go. A delivery happens whole or throws an `AppError` that says what went wrong and what to do. */
export interface Delivery {
  kind: 'folder' | 'sftp';
  /** The destination in words, without secrets: for logs, the ledger and the first-time rule. */
  describe(): string;
  /**
   * Sends and proves both temporaries, calls `proven` (if given), then renames both. Throws `delivery-refused` (a person must look), `delivery-failed`
   * (can pass, nothing was put in place for good) or, once `proven` was called, `delivery-unknown`: only the far side knows, see `finish`.
   */
  deliver(shipment: Shipment, proven?: () => Promise<void>): Promise<void>;
  /**
   * Goes on where an attempt stopped after `proven`: renames what is still waiting, and takes what was fetched meanwhile for delivered.
   * False when the far side holds neither, so that the files have to be sent again.
   */
  finish(shipment: Shipment): Promise<boolean>;
  /** Which of these names lie at the destination already; only asked of a folder. */
  existing(names: readonly string[]): Promise<string[]>;
}
