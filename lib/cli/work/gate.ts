/** A promise that somebody else settles. */
export class Gate<T = void> {
  open: (value: T) => void = () => {}
  readonly opened = new Promise<T>((resolve) => {
    this.open = resolve
  })
}
