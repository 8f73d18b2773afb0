// theme.ts - the look: ink on white, petrol for what can be done, ochre for the sandbox, brick for what cannot be undone.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = ['#ebf6f7', '#d5e9ec', '#a8d2d8', '#78b9c2', '#51a3ae', '#3894a0', '#237d89', '#176874', '#0f535d', '#073d45'];
const ochre: MantineColorsTuple = ['#fdf6e4', '#f7e9c6', '#ecd190', '#e1b857', '#d8a42b', '#c48f13', '#9c7007', '#7d5905', '#604404', '#433002'];
const brick: MantineColorsTuple = ['#fdf0ee', '#f9dcd8', '#f0b3aa', '#e8887b', '#e06555', '#da4e3c', '#c33a29', '#a62e1f', '#872318', '#661a11'];
const leaf: MantineColorsTuple = ['#ecf7f0', '#d6ecdd', '#abd7ba', '#7cc195', '#56ae76', '#3ea163', '#2b8650', '#1f6f40', '#165833', '#0c4024'];
const gray: MantineColorsTuple = ['#f7f8f8', '#eff1f2', '#e2e6e8', '#cfd5d8', '#aab3b8', '#828d94', '#5d6970', '#465158', '#2b3439', '#161c20'];
const dark: MantineColorsTuple = ['#d5dbde', '#b3bcc1', '#8f9aa1', '#67737a', '#434e55', '#313b41', '#232b30', '#181f23', '#11171a', '#0b0f12'];

export const theme = createTheme({
  colors: { petrol, ochre, brick, leaf, gray, dark },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 }, /* white on them is read: 4.5:1 and more */
  autoContrast: true,
  luminanceThreshold: 0.18, /* white on anything lighter is less than 4.5:1 */
  black: '#161c20',
  fontFamily: "'Instrument Sans Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, monospace",
  headings: { fontFamily: "'Instrument Sans Variable', system-ui, sans-serif", fontWeight: '600' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 150, withArrow: true, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
});

/** The few names that our own style sheets use beside Mantine's, per colour scheme. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--kw-page': gray[0],
    '--kw-card': '#ffffff',
    '--kw-line': gray[2],
    '--kw-ink': gray[9],
    '--kw-quiet': gray[6],
    '--kw-sandbox': ochre[7],
    '--kw-sandbox-soft': ochre[0],
    '--kw-sandbox-line': ochre[3],
    '--kw-production': petrol[8],
    '--kw-production-soft': petrol[0],
    '--kw-allowed': petrol[6],
    '--kw-denied': brick[5],
    '--kw-danger': brick[7],
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-error': brick[7],
  },
  dark: {
    '--kw-page': dark[8],
    '--kw-card': dark[7],
    '--kw-line': dark[5],
    '--kw-ink': '#eef1f2',
    '--kw-quiet': dark[2],
    '--kw-sandbox': ochre[3],
    '--kw-sandbox-soft': '#2a2310',
    '--kw-sandbox-line': ochre[7],
    '--kw-production': petrol[2],
    '--kw-production-soft': '#0d2a2f',
    '--kw-allowed': petrol[4],
    '--kw-denied': brick[4],
    '--kw-danger': brick[3],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-error': brick[3],
    '--mantine-color-brick-outline': brick[3],
  },
});
