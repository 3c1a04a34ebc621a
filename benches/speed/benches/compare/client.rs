//! The programs of the clients that are compared.

#[derive(Clone, Copy)]
pub(crate) enum Client {
    Chime,
    Official,
    Floor,
}

impl Client {
    pub(crate) const ALL: [Self; 3] = [Self::Chime, Self::Official, Self::Floor];

    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Chime => env!("CARGO_BIN_EXE_chime"),
            Self::Official => env!("CARGO_BIN_EXE_official"),
            Self::Floor => env!("CARGO_BIN_EXE_floor"),
        }
    }
}
