//! `endpoints!`: rows become endpoints, client methods and a list.

/// Turns rows into [`Endpoint`](crate::Endpoint) implementations, methods of a client and a list.
///
/// ```ignore
/// endpoints! { Client, "roles";
///     /// Create a role.
///     POST "/api/v3/create-role" create_role(CreateRole) -> RoleDto, Admin "role:create";
///     /// Mark a user as having left.
///     POST "/api/v3/resign-user" | "/resign-user" resign_user(ResignUser = UserIdReq) -> Done,
///         Admin "user:update", body Form, answer Bare;
/// }
/// ```
/// A row is: doc comment, method, paths, operation(request type), answer type, caller and
/// permission, then what differs from the defaults, in this order: `body`, `answer`, `repeat`
/// (see [`Body`](crate::Body), [`Answer`](crate::Answer), [`Repeat`](crate::Repeat)).
///
/// The request type names the row, so two rows cannot share one: `New = Existing` makes a
/// transparent newtype, and with a client `Existing` must be `Clone`. The module gets
/// `pub const ENDPOINTS`, so it holds one `endpoints!`.
/// If the crate has its feature `client` on, the client (any type with
/// `async fn call<E>(&self, &E) -> Result<E::Response, SdkError>`) gets a method for each row.
/// If the crate has its feature `schema` on (and schemars among its dependencies), the module also
/// gets `pub fn schemas`, and each type of a row must derive `schemars::JsonSchema`.
/// Without a client, as in `endpoints! { "pages"; .. }`, there are only the server's parts.
#[macro_export]
macro_rules! endpoints {
    (@or $kind:ident $method:ident) => { $crate::$kind::of(stringify!($method)) };
    (@or $kind:ident $method:ident $given:ident) => { $crate::$kind::$given };
    (@answer) => { $crate::Answer::Envelope };
    (@answer $given:ident) => { $crate::Answer::$given };
    (@newtype $client:tt $req:ident) => {};
    (@newtype [] $req:ident $inner:ty) => {
        #[doc = concat!("The request of this row: [`", stringify!($inner), "`].")]
        #[derive(::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $req(pub $inner);
    };
    (@newtype [client] $req:ident $inner:ty) => {
        #[doc = concat!("The request of this row: [`", stringify!($inner), "`].")]
        #[derive(Clone, ::serde::Serialize, ::serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(::schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $req(pub $inner);

        impl ::core::convert::From<$inner> for $req {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }
    };
    (@server $client:tt $area:literal; $(
        $(#[doc = $doc:literal])+
        $method:ident $path:literal $(| $other:literal)*
        $name:ident($req:ident $(= $inner:ty)?) -> $res:ty, $caller:ident $permission:literal
        $(, body $body:ident)? $(, answer $answer:ident)? $(, repeat $repeat:ident)?;
    )+) => {
        $(
            $crate::endpoints!(@newtype $client $req $($inner)?);

            impl $crate::Endpoint for $req {
                type Response = $res;
                const ROW: &'static $crate::EndpointRow = &$crate::EndpointRow {
                    name: stringify!($name),
                    method: stringify!($method),
                    paths: &[$path $(, $other)*],
                    caller: $crate::Caller::$caller,
                    permission: $permission,
                    body: $crate::endpoints!(@or Body $method $($body)?),
                    answer: $crate::endpoints!(@answer $($answer)?),
                    repeat: $crate::endpoints!(@or Repeat $method $($repeat)?),
                    area: $area,
                    doc: concat!($($doc),+).trim_ascii(),
                };
            }
        )+

        /// The rows of this module.
        pub const ENDPOINTS: &[&$crate::EndpointRow] =
            &[$(<$req as $crate::Endpoint>::ROW),+];
    };
    ($area:literal; $($rows:tt)+) => {
        $crate::endpoints!(@server [] $area; $($rows)+);
    };
    ($client:ty, $area:literal; $(
        $(#[doc = $doc:literal])+
        $method:ident $path:literal $(| $other:literal)*
        $name:ident($req:ident $(= $inner:ty)?) -> $res:ty, $caller:ident $permission:literal
        $(, body $body:ident)? $(, answer $answer:ident)? $(, repeat $repeat:ident)?;
    )+) => {
        $crate::endpoints!(@server [client] $area; $(
            $(#[doc = $doc])+
            $method $path $(| $other)* $name($req $(= $inner)?) -> $res, $caller $permission
            $(, body $body)? $(, answer $answer)? $(, repeat $repeat)?;
        )+);

        /// The schemas of each row's request and answer; what they refer to is in the generator.
        #[cfg(feature = "schema")]
        pub fn schemas(
            generator: &mut ::schemars::SchemaGenerator,
        ) -> ::std::vec::Vec<(
            &'static $crate::EndpointRow,
            ::schemars::Schema,
            ::schemars::Schema,
        )> {
            ::std::vec![$((
                <$req as $crate::Endpoint>::ROW,
                generator.subschema_for::<$req>(),
                generator.subschema_for::<$res>(),
            )),+]
        }

        #[cfg(feature = "client")]
        impl $client {
            $(
                $(#[doc = $doc])+
                ///
                #[doc = concat!("`", stringify!($method), " ", $path, "`")]
                ///
                /// # Errors
                /// No answer, a refusal, or an answer of another shape.
                pub async fn $name(
                    &self,
                    request: &$req,
                ) -> ::core::result::Result<$res, $crate::SdkError> {
                    self.call(request).await
                }
            )+
        }
    };
}
