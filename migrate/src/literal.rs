//! Literals of the schema language.

use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// What the schema language takes as a literal of bytes, whatever the unused bits of its last digit are.
pub(crate) const BASE64: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));
