/** A finished file on this machine that is to be delivered: it is never written again. */
export interface LocalFile {
  /** Name at the destination, for example `ProActive.csv`. */
  name: string;
  /** Where it lies here. */
  path: string;
  bytes: number;
  /** Lower case hex. */
  sha256: string;
}

/** What to deliver, in the order in which the files must appear (persons before roles). */
export interface Shipment {
  /** Names our temporaries apart from anybody else's: `.ProActive.csv.<id>.partial`. Letters, digits and dashes. */
  id: string;
  files: LocalFile[];
}

/** Where the files go. A delivery happens whole or throws an `AppError` that says what went wrong and what to do. */
export interface Delivery {
  kind: 'folder' | 'sftp';
  /** The destination in words, without secrets: for logs, the ledger and the first-time rule. */
  describe(): string;
  /** Sends and proves both temporaries, then renames both. Throws `delivery-refused` (a person must look) or `delivery-failed` (can pass). */
  deliver(shipment: Shipment): Promise<void>;
}
