//! What a client is given instead of a pool of its own: another client, a transport, a connector.

use crate::clients::schema::Library;
use crate::lifetime::Lifetime;
use crate::model::{ClientSite, Object, Value};
use crate::rules::SiteView;
use crate::source::Span;

/// What is handed in for the client's own pool; an error where that is not known.
pub fn carried(view: &SiteView<'_>) -> Result<Option<Object>, String> {
    let carries = view.spec().map_or(&[][..], |(_, spec)| spec.carries.as_slice());
    let given = carries.iter().find_map(|place| Some((place, view.given(std::slice::from_ref(place))?.value)));
    match given {
        None | Some((_, Value::Text(_))) => Ok(None),
        Some((_, Value::Object(object))) => Ok(Some(object)),
        Some((place, _)) => Err(format!("what is handed in as `{place}` is not known")),
    }
}

/// The library whose pool is used: that of a client that is handed in, else the client's own.
pub fn pool_library<'a>(view: &SiteView<'a>) -> Result<&'a Library, String> {
    let clients = view.file.clients;
    let mut library = view.library().ok_or("nothing is known of it")?;
    let mut carried = carried(view)?;
    while let Some(object) = carried {
        let client = clients.client(&object.symbol);
        let part = || clients.object(&object.symbol).map(|(library, _)| library);
        let found = client.map(|(library, _)| library).or_else(part);
        library = found.ok_or_else(|| format!("`{}`, which is handed in, is not known", object.symbol))?;
        let carries = client.map_or(&[][..], |(_, spec)| spec.carries.as_slice());
        let deeper = carries.iter().find_map(|name| object.arguments.get(name));
        carried = match deeper.map(|setting| &setting.value) {
            Some(Value::Object(object)) => Some(object.clone()),
            _ => None,
        };
    }
    Ok(library)
}

/// The client of the same file that is handed in.
pub fn inner<'a>(view: &SiteView<'a>) -> Result<Option<(&'a ClientSite, &'a Lifetime)>, String> {
    let Some(object) = carried(view)? else { return Ok(None) };
    let sites = view.file.module.sites.iter().zip(view.file.lifetimes);
    Ok(sites.into_iter().find(|(site, _)| site.place.span == object.span))
}

/// Where the pool is made, in the client's file: where the client is, or what is handed to it.
pub fn made_at(view: &SiteView<'_>) -> Span {
    let inner = inner(view).ok().flatten();
    inner.map_or(view.site.place.span, |(site, _)| site.place.span)
}
