/** The name a file bears until it is complete and proven: hidden, in the target folder, and nothing a receiver looks for. */
export function temporaryName(fileName: string, shipmentId: string): string {
  return `.${fileName}.${shipmentId}.partial`;
}

/** Whether `entry` is a temporary of ours for one of these files, of whatever shipment. */
export function isTemporary(entry: string, fileNames: string[]): boolean {
  return fileNames.some(
    (name) => entry.startsWith(`.${name}.`) && /^[A-Za-z0-9-]+\.partial$/.test(entry.slice(name.length + 2)),
  );
}
