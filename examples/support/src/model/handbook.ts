/** A page of the shop's handbook: what the assistant may say, and where it says so. */
export interface Page {
  readonly topic: string;
  readonly keywords: readonly string[];
  readonly url: string;
  readonly title: string;
  readonly passage: string;
}

export const HANDBOOK: readonly Page[] = [
  {
    topic: 'returns',
    keywords: ['return', 'returns', 'send', 'back', 'exchange'],
    url: 'https://help.example.com/returns',
    title: 'Returns',
    passage: 'You can send anything back within 30 days, worn once or not at all.',
  },
  {
    topic: 'returns',
    keywords: [],
    url: 'https://help.example.com/postage',
    title: 'Postage',
    passage: 'We pay the postage: print the label in your account and leave the parcel at any counter.',
  },
  {
    topic: 'delivery',
    keywords: ['deliver', 'delivery', 'arrive', 'arrives', 'parcel', 'long'],
    url: 'https://help.example.com/delivery',
    title: 'Delivery',
    passage: 'Parcels leave the same day when you order before noon, and take two days.',
  },
  {
    topic: 'care',
    keywords: ['wash', 'care', 'wax', 'waterproof', 'clean'],
    url: 'https://help.example.com/care',
    title: 'Care',
    passage: 'Waxed jackets are never washed: brush them, and wax them anew once a year.',
  },
];

/** What an order came to, in euros. */
export const ORDERS: Readonly<Record<string, { readonly what: string; readonly euros: number }>> = {
  '4711': { what: 'a pair of gloves', euros: 35 },
  '8080': { what: 'a waxed jacket', euros: 380 },
};

/** What staff ought to know of a customer, and the customer need not read. */
export const HISTORY: Readonly<Record<string, string>> = {
  ada: 'Customer for six years. Two refunds since spring, 212 € together; both parcels came back in order.',
  ben: 'New customer. No refund so far.',
};
