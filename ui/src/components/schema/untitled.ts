/** Classes of a box in which the name of the part has been told already; it is still read out. */
export const UNTITLED =
  '[&>fieldset>legend]:sr-only [&>fieldset]:border-0 [&>fieldset]:pl-0 [&>div>label]:sr-only [&>div>div:first-child>.schema-label]:sr-only [&>div>.field-head:not(:has(fieldset))]:hidden';
