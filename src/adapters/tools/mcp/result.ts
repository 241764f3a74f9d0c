/** From what an MCP tool gives back to JSON. */
import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';
import type { ExternalResult } from '../../../ports/tools.ts';
import { checkedOutput } from '../source.ts';

/**
 * Structured content as it is; else one text as text, and several pieces as a list. Binary content is named by type
 * and size, and never kept. Throws `tool_failed` where it is too large.
 */
export function resultOf(id: string, result: CallToolResult): ExternalResult {
  const pieces = (result.content ?? []).map(pieceOf);
  const [first] = pieces;
  const isError = result.isError === true;
  const plain = pieces.length === 0 ? null : pieces.length === 1 ? first : pieces;
  const structured = isError && pieces.length > 0 ? undefined : result.structuredContent;
  return { output: checkedOutput(id, structured ?? plain, isError), isError };
}

function pieceOf(block: ContentBlock): unknown {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return { type: block.type, mediaType: block.mimeType, size: sizeOf(block.data) };
    case 'resource_link':
      return { type: 'link', uri: block.uri, name: block.name, ...(block.mimeType && { mediaType: block.mimeType }) };
    case 'resource': {
      const { resource } = block;
      if ('text' in resource) return { type: 'resource', uri: resource.uri, text: resource.text };
      return { type: 'resource', uri: resource.uri, mediaType: resource.mimeType ?? null, size: sizeOf(resource.blob) };
    }
  }
}

/** Bytes that a text in base64 stands for. */
const sizeOf = (base64: string): number => Buffer.byteLength(base64, 'base64');
