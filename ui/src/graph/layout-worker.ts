/** Lays a large document out beside the page, which stays usable meanwhile: 1,000 nodes take a second or two. */
import type { GraphDefinition } from './document.ts';
import { layoutOf } from './layout.ts';

addEventListener('message', ({ data }: MessageEvent<GraphDefinition>) => postMessage(layoutOf(data)));
