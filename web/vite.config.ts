// What the program carries: one page, its scripts, styles and fonts, under names that change with their content.
import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { PurgeCSS } from 'purgecss';
import { defineConfig, type Plugin } from 'vite';

const safelist = { standard: ['html', 'body'], greedy: [/:root/, /:host/] };

/* Attributes are put on while the page runs, by names that no script writes out: what hangs on one is kept. */
function attributes(css: string): string[] {
  return [...new Set([...css.matchAll(/\[([a-z-]+)/g)].map(([, name]) => name ?? ''))];
}

/** Mantine's style sheet has the styles of all its parts. What no script of ours names goes: its classes are single words. It is
 * the sheet that the page alone names; its name has to follow its content, since browsers keep both for good. */
function withoutUnusedStyles(): Plugin {
  return {
    name: 'without-unused-styles',
    enforce: 'post',
    generateBundle: {
      order: 'post', // vite itself writes names of files into scripts as late as this
      async handler(_, bundle) {
        const outputs = Object.values(bundle);
        const content = outputs.flatMap((o) => (o.type === 'chunk' ? [{ raw: o.code, extension: 'js' }] : []));
        const page = outputs.find((o) => o.fileName === 'index.html');
        if (page?.type !== 'asset') this.error('there is no index.html to name the styles');
        for (const sheet of outputs) {
          const isNamed = (text: string) => text.includes(sheet.fileName);
          if (sheet.type !== 'asset' || !sheet.fileName.endsWith('.css') || !isNamed(String(page.source)) || content.some(({ raw }) => isNamed(raw))) continue;
          const [purged] = await new PurgeCSS().purge({ content, css: [{ raw: String(sheet.source) }], safelist, dynamicAttributes: attributes(String(sheet.source)) });
          if (purged === undefined) this.error(`${sheet.fileName} could not be read`);
          const name = `assets/index-${createHash('sha256').update(purged.css).digest('base64url').slice(0, 8)}.css`;
          page.source = String(page.source).replaceAll(sheet.fileName, name);
          delete bundle[sheet.fileName];
          this.emitFile({ type: 'asset', fileName: name, source: purged.css });
        }
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), withoutUnusedStyles()],
  build: {
    target: 'es2022',
    // Every file is a file of its own: the policy of the page lets no data: URL in but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What pages share of each other's folders is one file instead of thirty small ones, which compress worse. Who signs in needs none of it.
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'shared', test: /web.src.(accounts|activity|alerts|keys|people|usage)/, minShareCount: 2 }] } } },
  },
});
