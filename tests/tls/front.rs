//! TLS in front of a node that speaks none: any certificate can be shown without a JVM of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::support::node::Node;

/// Opens a port that passes everything on to the node, and shows the certificate in that file. It ends with the process.
pub fn before(node: &Node, identity: &Path, versions: &[&'static SupportedProtocolVersion]) -> String {
    let provider = aws_lc_rs::default_provider();
    let key = provider.key_provider.load_private_key(PrivateKeyDer::from_pem_file(identity).unwrap()).unwrap();
    let chain = CertificateDer::pem_file_iter(identity).unwrap().map(Result::unwrap).collect();
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key))));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let node = SocketAddr::new(node.host().parse().unwrap(), node.port());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    thread::spawn(move || {
        runtime.block_on(async {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A client that does not like what it is shown goes away.
                    let Ok(mut client) = acceptor.accept(client).await else { return };
                    let mut node = TcpStream::connect(node).await.unwrap();
                    let _ = copy_bidirectional(&mut client, &mut node).await;
                });
            }
        });
    });
    port
}
