// mark.tsx - the mark and the name.
import classes from './mark.module.css';

export function Mark({ size = 1 }: { size?: number }) {
  return (
    <span className={classes.mark} style={{ fontSize: `${size * 18}px` }}>
      <svg viewBox="0 0 32 32" width={size * 24} height={size * 24} aria-hidden>
        <path d="M2 8h28v7h-5v6h-4v-4h-4v8h-4v-8h-3v5H4v-7H2z" />
      </svg>
      Keyward
    </span>
  );
}
