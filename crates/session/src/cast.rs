//! Who must do what for a program.

use crate::{Error, Member, Role};

/// Whether the members have the roles that the program needs.
pub(crate) fn check(program: &str, members: &[Member]) -> Result<(), Error> {
    let needed = match program {
        PHOTO => [Role::Photo, Role::Adjust].as_slice(),
        _ => &[],
    };
    needed.iter().try_for_each(|&role| {
        let have = members.iter().filter(|member| member.role == role);
        let names: Vec<_> = have.map(|member| member.name.clone()).collect();
        match names.len() {
            0 => Err(Error::MissingRole { role }),
            1 => Ok(()),
            _ => Err(Error::DuplicateRole { role, names }),
        }
    })
}

const PHOTO: &str = "photo";

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{Error, Member, Path, Role};

    fn members(roles: &[Role]) -> Vec<Member> {
        let member = |(slot, role): (u8, &Role)| Member {
            slot,
            name: format!("p{slot}"),
            role: *role,
            you: slot == 0,
            sealed: true,
            path: Path::Relay,
            away: false,
            fingerprint: String::new(),
            verified: false,
            changed_key: false,
            token: None,
        };
        (0..).zip(roles).map(member).collect()
    }

    #[test]
    fn a_photo_needs_one_owner_and_one_adjuster() {
        let check = |roles: &[Role]| check("photo", &members(roles));
        assert!(check(&[Role::Adjust, Role::Photo]).is_ok());
        assert!(check(&[Role::Help, Role::Adjust, Role::Photo, Role::Help]).is_ok());
        assert!(matches!(
            check(&[Role::Photo, Role::Help]),
            Err(Error::MissingRole { role: Role::Adjust })
        ));
        let Err(Error::DuplicateRole { role, names }) = check(&[Role::Photo, Role::Photo]) else {
            panic!("two photos accepted")
        };
        assert_eq!((role, names), (Role::Photo, vec!["p0".to_owned(), "p1".to_owned()]));
    }

    #[test]
    fn other_programs_take_any_roles() {
        assert!(check("tensor", &members(&[Role::Help, Role::Help])).is_ok());
    }
}
