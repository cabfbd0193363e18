//! The drawings.

use maud::{Markup, html};

/// The mark: two rafters, and the purlins that tie them to the frame.
pub(crate) fn roof() -> Markup {
    html! {
        svg.roof viewBox="0 0 48 32" width="42" height="28" aria-hidden="true" fill="none" stroke="currentColor"
            stroke-linecap="round" stroke-linejoin="round" {
            path d="M3 29 24 4l21 25" stroke-width="2.5" {}
            path d="M9 29h30M24 4v25" stroke-width="1.5" opacity=".55" {}
            path d="m24 29-8.6-14.8M24 29l8.6-14.8" stroke-width="1.5" opacity=".55" {}
            g.purlins {
                circle cx="15.4" cy="14.2" r="2.4" {}
                circle cx="32.6" cy="14.2" r="2.4" {}
                circle cx="24" cy="4" r="2.4" {}
            }
        }
    }
}

/// The drawing beside the title: four trusses, and the purlins that tie them to one roof.
pub(crate) fn frame() -> Markup {
    html! {
        svg.frame viewBox="0 0 384 262" aria-hidden="true" fill="none" stroke="currentColor" stroke-linecap="round"
            stroke-linejoin="round" {
            @for bay in (0..4).rev().map(f64::from) {
                g opacity=(1.0 - bay * 0.2) {
                    path stroke-width="2.5" d=(line(bay, &[(12., 190.), (110., 82.), (208., 190.), (12., 190.)])) {}
                    path d=(line(bay, &[(110., 190.), (110., 82.)])) {}
                    path d=(line(bay, &[(61., 136.), (110., 190.), (159., 136.)])) {}
                    @for post in [18., 202.] {
                        path stroke-width="2.5" d=(line(bay, &[(post, 190.), (post, 254.)])) {}
                    }
                    path d=(line(bay, &[(18., 212.), (40., 190.)])) {}
                    path d=(line(bay, &[(202., 212.), (180., 190.)])) {}
                }
            }
            g.purlins stroke-width="3" {
                @for (x, y) in [(110., 82.), (61., 136.), (159., 136.)] {
                    path d={ (line(-0.15, &[(x, y)])) (line(3.15, &[(x, y)]).replace('M', "L")) } {}
                }
            }
        }
    }
}

/// The path through points of the first truss, moved to the truss of a bay.
fn line(bay: f64, points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let to = if index == 0 { 'M' } else { 'L' };
        path += &format!("{to}{:.1} {:.1}", x + bay * 54., y - bay * 22.);
    }
    path
}
