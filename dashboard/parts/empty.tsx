import type { ComponentChildren } from 'preact';

/** Where there is nothing yet: why, and what brings something. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      <p>{children}</p>
    </div>
  );
}
