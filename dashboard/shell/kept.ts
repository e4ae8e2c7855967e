/** What a visitor chose, kept in the browser. One that keeps nothing (a private window) is no reason to fail. */
export function kept(name: string, storage: () => Storage = () => localStorage): string | null {
  try {
    return storage().getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string, storage: () => Storage = () => localStorage): void {
  try {
    storage().setItem(name, value);
  } catch {
    // It then holds until the page is left.
  }
}
