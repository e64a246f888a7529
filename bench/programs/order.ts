/** What a program was asked to do; see `program` in processes.ts. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whoever started the program typed the order
export function orderOf<Order>(): Order {
  return JSON.parse(process.argv[2] ?? '{}') as Order;
}

export function answer(value: object): void {
  process.stdout.write(JSON.stringify(value));
}
