/** Who knows the token: there is one user, who may do everything. */
export const USER = { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] };
