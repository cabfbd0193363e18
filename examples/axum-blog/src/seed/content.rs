//! The content of the example: four people who raise timber frames. Dates are fixed, so every seed gives the same rows.
//!
//! It is what `next-blog` shows, word for word.

pub(super) struct Person {
    pub(super) email: &'static str,
    pub(super) name: &'static str,
    pub(super) bio: &'static str,
    pub(super) created_at: &'static str,
    pub(super) posts: &'static [Article],
}

pub(super) struct Article {
    pub(super) title: &'static str,
    pub(super) content: &'static str,
    pub(super) published: bool,
    pub(super) views: i32,
    pub(super) created_at: &'static str,
    pub(super) tags: &'static [&'static str],
}

/// An answer to the post with a title, by the person with an address.
pub(super) struct Answer {
    pub(super) post: &'static str,
    pub(super) author: &'static str,
    pub(super) body: &'static str,
    pub(super) created_at: &'static str,
}

pub(super) const TAGS: &[&str] = &["frames", "joinery", "oak", "restoration", "roofs", "site notes", "tools"];

pub(super) const PEOPLE: &[Person] = &[
    Person {
        email: "marta@ridgeandrafter.example",
        name: "Marta Lindqvist",
        bio: "Carpenter in Dalarna. Cuts joints by hand, measures twice, complains once.",
        created_at: "2026-01-12T08:00:00Z",
        posts: &[
            Article {
                title: "What a purlin does all day",
                content: "Ask a visitor to draw a roof and you get two lines that meet. Ask for one more and you get the ridge. Nobody ever draws the purlin, which is a pity, because it does most of the work and gets none of the view.

A purlin runs the length of the building, half way up the slope, and carries the rafters across their weakest point. Take it away and every rafter has to be twice as deep. Put it back and the roof becomes a set of short, easy spans, each resting on something that rests on the frame.

That is what I like about it. It ties two things together that were drawn by different people, and when it is done well you forget that it is there.",
                published: true,
                views: 1284,
                created_at: "2026-09-02T06:40:00Z",
                tags: &["frames", "roofs"],
            },
            Article {
                title: "Why we still cut mortises by hand",
                content: "The machine is faster. I say so first, because somebody always does. A chain mortiser opens a pocket in forty seconds, and the pocket is square, plumb and empty of opinions.

But timber is not square and not plumb, and a frame is thirty pockets that have to agree. With a chisel you feel the grain turn before it tears. You notice the shake that the sawyer did not. By the tenth mortise you know the beam well enough to say which face goes up.

So we let the machine take the waste and finish the cheeks by hand. It costs us a day per frame. We have never spent that day on site with a lump hammer instead.",
                published: true,
                views: 967,
                created_at: "2026-10-11T17:05:00Z",
                tags: &["joinery", "oak", "tools"],
            },
            Article {
                title: "Sharpening, in one evening",
                content: "Everything you need to know fits into one evening and then takes ten years. Flatten the back once. Keep one angle. Stop when the burr comes off on its own.

I am still looking for a good photograph of a burr.",
                published: false,
                views: 0,
                created_at: "2026-11-15T20:30:00Z",
                tags: &["tools"],
            },
        ],
    },
    Person {
        email: "tomas@ridgeandrafter.example",
        name: "Tomás Figueira",
        bio: "Structural engineer. Happiest when the load path fits on a napkin.",
        created_at: "2026-01-20T09:30:00Z",
        posts: &[
            Article {
                title: "Reading a load path backwards",
                content: "We are taught to follow the load down: snow, batten, rafter, purlin, post, stone. It is the right order for a calculation and the wrong one for an old building.

In an old building, start at the stone. Find the one that has moved. Then ask who is standing on it, and who is standing on him. Nine times in ten the crack in the gable is explained by a post that somebody shortened in 1950 to fit a door.

The tenth time it is the river. Write that down as well.",
                published: true,
                views: 742,
                created_at: "2026-08-19T10:15:00Z",
                tags: &["frames", "restoration"],
            },
            Article {
                title: "Snow is not a uniform load",
                content: "The code lets you spread it evenly, and for a simple pitch that is honest enough. Then somebody adds a dormer.

Snow drifts behind the dormer, melts against its warm cheek and freezes at the eaves. I measured 1.9 times the design depth in the valley last February while the other slope was bare. The purlin below had crept eleven millimetres. It went back in April; the plaster did not.

Model the drift. It is one more load case and it is the one that will happen.",
                published: true,
                views: 1530,
                created_at: "2026-10-28T07:50:00Z",
                tags: &["roofs", "site notes"],
            },
        ],
    },
    Person {
        email: "ines@ridgeandrafter.example",
        name: "Inès Moreau",
        bio: "Restores barns in the Perche and the occasional church when it asks nicely.",
        created_at: "2026-02-03T14:00:00Z",
        posts: &[
            Article {
                title: "The barn that leaned for ninety years",
                content: "It leaned thirty-one centimetres to the east, and everybody in the village had an explanation that began with their grandfather. The truth was a missing brace, sawn out to let a threshing machine in and never put back.

We did not pull it straight. A frame that has leaned for ninety years has learned to. We gave it the brace, two new feet in oak, and four winters to think about it. It has come back nine centimetres by itself.

The owner wanted to know when it would be finished. I told him it was finished when we stopped hurrying it.",
                published: true,
                views: 2211,
                created_at: "2026-07-06T18:20:00Z",
                tags: &["oak", "restoration", "site notes"],
            },
            Article {
                title: "Scarf joints, and when to leave the rot alone",
                content: "A scarf joint lets you keep the three metres of beam that are sound and replace the one that is not. It is the most useful thing I know how to do and I talk clients out of it every month.

Brown and crumbly is not always rot that matters. If the heart is dry and the tap is clear, the beam has more section left than a new one from the merchant. Brush it, date it, leave it.

When you do cut, cut back to a clear ring, make the splice four times the depth, and let the pegs do the pulling.",
                published: true,
                views: 618,
                created_at: "2026-11-04T12:00:00Z",
                tags: &["joinery", "restoration"],
            },
        ],
    },
    Person {
        email: "kofi@ridgeandrafter.example",
        name: "Kofi Asante",
        bio: "First-year apprentice. Carries things, asks questions, writes both down.",
        created_at: "2026-06-01T07:00:00Z",
        posts: &[
            Article {
                title: "Twelve things I got wrong in my first month",
                content: r#"One: a pencil behind the ear is not a storage system. Two: "about there" is a measurement, but only when Marta says it. Three: green oak and a steel square do not stay friends.

Four to nine were all the same mistake. You mark the face, you turn the beam, you mark the other face, and now it matters very much which one you called A. There is a reason for the marks that look like Roman numerals. Learn them before you need them.

Ten: gloves. Eleven: the other glove. Twelve: when the frame goes up, stop and look. Nobody had told me that it would be quiet."#,
                published: true,
                views: 3047,
                created_at: "2026-09-24T19:45:00Z",
                tags: &["site notes", "tools"],
            },
        ],
    },
];

pub(super) const ANSWERS: &[Answer] = &[
    Answer {
        post: "What a purlin does all day",
        author: "tomas@ridgeandrafter.example",
        body: "Twice as deep is generous. For that span it is closer to 1.7, but I will let the poetry stand.",
        created_at: "2026-09-02T09:12:00Z",
    },
    Answer {
        post: "What a purlin does all day",
        author: "marta@ridgeandrafter.example",
        body: "You may have your 1.7 when you come and plane it.",
        created_at: "2026-09-02T09:31:00Z",
    },
    Answer {
        post: "What a purlin does all day",
        author: "kofi@ridgeandrafter.example",
        body: "I drew two lines and the ridge. I feel seen.",
        created_at: "2026-09-03T18:02:00Z",
    },
    Answer {
        post: "Why we still cut mortises by hand",
        author: "ines@ridgeandrafter.example",
        body: "The shake that the sawyer did not notice: this is the whole argument. I have never seen it made in fewer words.",
        created_at: "2026-10-12T05:48:00Z",
    },
    Answer {
        post: "Why we still cut mortises by hand",
        author: "kofi@ridgeandrafter.example",
        body: "Confirming from the bench that the day is real and that my forearms are, too.",
        created_at: "2026-10-12T16:20:00Z",
    },
    Answer {
        post: "Reading a load path backwards",
        author: "ines@ridgeandrafter.example",
        body: "In the Perche it is never the river. It is always the door.",
        created_at: "2026-08-20T07:30:00Z",
    },
    Answer {
        post: "Snow is not a uniform load",
        author: "marta@ridgeandrafter.example",
        body: "Eleven millimetres! Which species? Our spruce would have told the whole valley about it.",
        created_at: "2026-10-28T11:04:00Z",
    },
    Answer {
        post: "Snow is not a uniform load",
        author: "tomas@ridgeandrafter.example",
        body: "Larch, C24, 120 by 240. It creaked, but politely.",
        created_at: "2026-10-28T11:40:00Z",
    },
    Answer {
        post: "The barn that leaned for ninety years",
        author: "marta@ridgeandrafter.example",
        body: r#""A frame that has leaned for ninety years has learned to." I am having this carved somewhere."#,
        created_at: "2026-07-07T06:10:00Z",
    },
    Answer {
        post: "The barn that leaned for ninety years",
        author: "tomas@ridgeandrafter.example",
        body: "Did you put gauges on it? Nine centimetres in four winters is a curve that I would love to have.",
        created_at: "2026-07-07T08:55:00Z",
    },
    Answer {
        post: "The barn that leaned for ninety years",
        author: "ines@ridgeandrafter.example",
        body: "A plumb line, a nail and a pencil, every first of the month. You may have the door post, it is all on there.",
        created_at: "2026-07-07T20:15:00Z",
    },
    Answer {
        post: "Scarf joints, and when to leave the rot alone",
        author: "kofi@ridgeandrafter.example",
        body: "What does a clear tap sound like?",
        created_at: "2026-11-04T18:33:00Z",
    },
    Answer {
        post: "Scarf joints, and when to leave the rot alone",
        author: "ines@ridgeandrafter.example",
        body: "Like a door being answered.",
        created_at: "2026-11-04T19:02:00Z",
    },
    Answer {
        post: "Twelve things I got wrong in my first month",
        author: "marta@ridgeandrafter.example",
        body: "Thirteen: you left the chisel in the rain. But number twelve is why you still have a job.",
        created_at: "2026-09-25T05:30:00Z",
    },
    Answer {
        post: "Twelve things I got wrong in my first month",
        author: "ines@ridgeandrafter.example",
        body: "It is always quiet. Twenty-two years and it is always quiet.",
        created_at: "2026-09-25T21:11:00Z",
    },
];
