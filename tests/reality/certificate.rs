//! A certificate authority of its own for each server, and a certificate for localhost.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;

/// What the server shows, and what its clients have to trust.
pub struct Identity {
    pub authority_pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Identity {
    pub fn new() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        // With one name for both OpenSSL takes the certificate for one that signed itself.
        authority.distinguished_name.push(DnType::CommonName, "authority of the reality suite");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_key = KeyPair::generate().unwrap();
        let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
        let issuer = Issuer::new(authority, authority_key);

        let mut leaf = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        let chain = vec![leaf.signed_by(&key, &issuer).unwrap().der().clone()];
        Self { authority_pem, chain, key: key.serialize_der().into() }
    }

    /// TLS as servers commonly have it: 1.2 and 1.3, with session tickets, and ALPN.
    pub fn config(&self, http2: bool) -> ServerConfig {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let key = PrivateKeyDer::Pkcs8(self.key.clone_key());
        let mut config = builder.with_single_cert(self.chain.clone(), key).unwrap();
        config.ticketer = ring::Ticketer::new().unwrap();
        let offered: &[&[u8]] = if http2 { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
        config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
        config
    }
}
