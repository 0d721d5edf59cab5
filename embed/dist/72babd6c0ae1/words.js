function t(t,e,n){let r={...e.en,...e[n.split("-")[0]],...e[n]};return{...t,t:(e,n)=>t.t(Object.hasOwn(r,e)?r[e]:e,n)}}export{t as withStrings};
