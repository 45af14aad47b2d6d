import { createRequire } from 'node:module';
import { TargetError } from '../domain/errors.js';
import type { Painter } from '../domain/ports.js';

const FONTS = ['400Regular/Roboto_400Regular.ttf', '700Bold/Roboto_700Bold.ttf'];

/**
 * Draws with a font of its own, so that a picture has its words on a machine without any. Nothing is loaded before the
 * first picture; the drawing itself leaves the event loop alone.
 */
export function makePainter(): Painter {
  const { resolve } = createRequire(import.meta.url);
  return {
    png: async (svg) => {
      try {
        const { renderAsync } = await import('@resvg/resvg-js');
        const fontFiles = FONTS.map((name) => resolve(`@expo-google-fonts/roboto/${name}`));
        const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Roboto' };
        return (await renderAsync(svg, { font })).asPng();
      } catch (error) {
        throw new TargetError('failed', 'painter', 'the picture could not be drawn', { cause: error });
      }
    },
  };
}
