/** What the offline model knows: short essays, each with the page that it gives as its source. */
export interface Essay {
  readonly topic: string;
  readonly keywords: readonly string[];
  readonly url: string;
  readonly text: string;
}

export const LIBRARY: readonly Essay[] = [
  {
    topic: 'Lighthouses',
    keywords: ['light', 'lighthouse', 'lamp', 'beacon', 'lens'],
    url: 'https://en.wikipedia.org/wiki/Lighthouse',
    text: `A lighthouse has one job, and it is harder than it looks: to be recognised. A bright lamp on a cliff is easy to build and easy to mistake for another bright lamp on another cliff, and a sailor who knows only that there is *a* light ahead knows very little. So each station was given a character of its own, a rhythm of flashes and dark intervals written down beside its name in the list of lights. Two quick flashes and a long wait meant one headland; a slow even pulse meant another. Before radio, that rhythm was the most reliable message a coast could send.

The trouble was always how much light reached the horizon. An oil flame sends its light everywhere, most of it up into the sky or down onto the rocks. In the 1820s Augustin-Jean Fresnel saw that a lens does not need its whole thickness to bend light; it needs only the curve of its surface. He cut the lens into rings, threw the useless glass away, and stacked the rings in a brass frame taller than a person. The result caught most of the flame and laid it flat along the water.

Keeping the lamp was patient work. The wick was trimmed every few hours, the clockwork that turned the lens was wound like a kitchen clock, and the glass was polished each morning so that soot would not steal a mile of range. If the turning stopped, the keeper turned the lens by hand until dawn, counting seconds under his breath, because a light with the wrong rhythm is worse than no light at all.`,
  },
  {
    topic: 'Tides',
    keywords: ['tide', 'tides', 'moon', 'sea', 'ocean', 'water'],
    url: 'https://en.wikipedia.org/wiki/Tide',
    text: `Stand on a beach for a quarter of a day and the sea will have moved, by the height of a step in some places and by the height of a house in others. The Moon does most of it. Its pull is a little stronger on the near side of the Earth than at the centre, and a little weaker on the far side, and that small difference stretches the oceans into two low bulges. The planet turns beneath them, and each coast meets both bulges in a little under twenty-five hours.

That is the tidy part. Real water has to get past real land. It is funnelled into bays, held back by straits, and set rocking in basins that have their own natural beat, the way a bath does when you slide from one end to the other. Where the beat of the basin is close to the beat of the Moon the two reinforce each other, which is how the Bay of Fundy can rise sixteen metres while much of the Mediterranean hardly stirs.

The Sun joins in with somewhat less than half the strength. When the three bodies line up, at new and full moon, the pulls add and the range is large: spring tides, though they have nothing to do with the season. At the half moons they work across each other and the range is small, and those are the neaps. In the nineteenth century harbours computed all this with brass machines, a pulley for each cycle and a pen at the end of the cord, which drew next year's tides in an afternoon.`,
  },
  {
    topic: 'Bread',
    keywords: ['bread', 'bake', 'baking', 'dough', 'flour', 'yeast', 'recipe'],
    url: 'https://en.wikipedia.org/wiki/Bread',
    text: `Bread is flour and water that somebody waited for. Mix the two and leave them alone, and the proteins in the flour begin to link up without being asked; kneading only hurries them. The net they form is what lets dough stretch instead of tearing. Yeast then eats the sugars in the flour and breathes out gas, and the net holds the gas as a balloon would, in thousands of small rooms.

Time does more for flavour than any ingredient. A dough that rises in an hour in a warm kitchen tastes mostly of flour. The same dough kept in a cold place overnight rises just as far, but slowly, and while it rises the yeast and the bacteria that came with the flour leave acids and alcohols behind. Bakers call this retarding, and it is the cheapest improvement there is: less yeast, a colder room, more patience.

In the oven everything happens within minutes. The gas expands, the last of the yeast works in a frenzy before the heat ends it, and the loaf springs up. Then the starch sets, and the rooms are fixed for good. The crust browns because its sugars and proteins react once the surface is dry, which is why bakers put steam in at the start, to keep the skin soft while it rises, and let the steam out at the end, to let it crackle. A loaf is done when it sounds hollow, and it should not be cut until it has stopped singing.`,
  },
  {
    topic: 'Maps',
    keywords: ['map', 'maps', 'chart', 'projection', 'navigation', 'compass'],
    url: 'https://en.wikipedia.org/wiki/Map_projection',
    text: `Every flat map of the round Earth tells a lie, and the craft lies in choosing which one. You may keep angles true, or areas, or distances along a few chosen lines, but never all of them; peel an orange and press the skin flat and you will see why. So a map is less a picture than an answer, and the first thing to ask of it is what the question was.

Gerard Mercator's question, in 1569, was how to steer. He stretched the lines of latitude apart toward the poles by just as much as the meridians had already been pulled apart by drawing them parallel. On the sheet that results, a course of constant bearing is a straight line. A navigator could lay a ruler from harbour to harbour, read one angle, and hold it for a month. That Greenland came out as large as Africa troubled nobody who was trying not to hit it.

The same sheet hung on a schoolroom wall answers a question nobody asked. For comparing countries one wants equal areas, and there are dozens of projections for that, each bending the outlines somewhere else. Pilots want the shortest path, which Mercator draws as a curve. City planners use small maps on which the Earth might as well be flat. None of these is the true map. The true map is the globe, which folds badly.`,
  },
  {
    topic: 'Paper',
    keywords: ['paper', 'book', 'books', 'print', 'printing', 'ink', 'write', 'writing'],
    url: 'https://en.wikipedia.org/wiki/Paper',
    text: `Paper is a felt of plant fibres that have been taken apart in water and persuaded to hold hands again as they dry. The bonds between them are the same weak attractions that make a wet sheet of glass cling to another, only there are a great many. Nothing glues the fibres together, which is why a page falls to pieces in the rain and why old paper can be made into new.

It was made from rags for most of its life in Europe. Ragpickers gathered worn linen, the mills let it rot a little, and hammers driven by a river beat it to a pulp. A vatman dipped a wire mould and gave it a shake in two directions, so that the fibres crossed; the coucher turned the sheet out on a blanket; the layman pressed the stack and hung it in a loft like washing. A good team made two thousand sheets a day, and the shake, which took years to learn, could not be explained.

Demand killed the rag. Newspapers wanted more than the continent's shirts could supply, and after the 1840s mills learned to grind wood instead. Wood pulp was cheap and endless, and it carried acids that slowly ate the page from inside. A book of 1500 is often still white and supple while a book of 1900 is brown and breaks at the fold. Librarians spent much of the twentieth century undoing that saving, one shelf at a time.`,
  },
  {
    topic: 'Clocks',
    keywords: ['clock', 'clocks', 'time', 'longitude', 'pendulum', 'watch'],
    url: 'https://en.wikipedia.org/wiki/Marine_chronometer',
    text: `To know where you are at sea you need to know what time it is somewhere else. The Sun tells you the hour where you stand; compare it with the hour at home and the difference is your longitude, fifteen degrees for each hour. The arithmetic is a child's. The clock was the difficulty. A good pendulum clock kept time to a few seconds a day on a stone floor in 1700 and was useless on a ship, where the floor is never still.

John Harrison, a carpenter, spent his life on it. His first three machines were large, beautiful and full of inventions: wooden wheels that needed no oil, strips of two metals that bent with the heat and cancelled its effect, bearings that rolled instead of rubbing. Each was better than anything before it, and each taught him that he was going the wrong way. Large slow balances are disturbed by a ship; small fast ones are not.

So the fourth was a watch, hardly wider than a hand, ticking five times in a second. It sailed to Jamaica in 1761 and was five seconds out after two months at sea. It took longer to persuade the board that offered the prize than it had taken to build, and Harrison was an old man when he was paid. But by then the method was plain enough to be copied, and within two generations no ship left harbour without a box in which, hung level in brass rings, it was always noon in Greenwich.`,
  },
];

/** The essay that fits a question best, if any keyword does. */
export function findEssay(question: string): Essay | undefined {
  const words = new Set(question.toLowerCase().match(/[a-z]+/g) ?? []);
  return LIBRARY.find(({ keywords }) => keywords.some((keyword) => words.has(keyword)));
}
