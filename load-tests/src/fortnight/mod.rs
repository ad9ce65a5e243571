//! Later.
#[derive(clap::Args)]
pub(crate) struct Options {}
pub(crate) async fn command(_options: Options) -> anyhow::Result<()> {
    Ok(())
}
